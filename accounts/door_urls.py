"""`/accounts/`: what of allauth's addresses has another view here. Everything else there is allauth's, with our templates."""

from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from accounts import data_views, email_back_views
from accounts.social_views import invitation, leaving, linked

to_security = RedirectView.as_view(pattern_name="security")
to_sign_in = RedirectView.as_view(pattern_name="account_login")


def _ways_out() -> list[URLPattern]:
    ways = []
    for key, name, module in settings.OTHER_ACCOUNTS:
        views = import_module(f"allauth.socialaccount.providers.{module}.views")
        if module == "openid_connect":
            ways.append(path("oidc/<slug:provider_id>/login/", leaving(views.login, name), name="openid_connect_login"))
        else:
            ways.append(path(f"{key}/login/", leaving(views.oauth2_login, name), name=f"{key}_login"))
    return ways


urlpatterns = [
    path("2fa/", to_security, name="mfa_index"),
    path("2fa/webauthn/", to_security, name="mfa_list_webauthn"),
    path("3rdparty/", linked, name="socialaccount_connections"),
    # Nobody has anything to fill in: the provider has said it all, or the sign-up was refused.
    path("3rdparty/signup/", to_sign_in, name="socialaccount_signup"),
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("email/", email_back_views.addresses, name="account_email"),
    path("email/back/<str:signed>/", email_back_views.take_back, name="take-address-back"),
    path("closed/", data_views.account_closed, name="account-closed"),
    path("keep/", data_views.keep, name="keep-open"),
    path("keep/<str:signed>/", data_views.keep_by_mail, name="keep-account"),
    *_ways_out(),
]
