"""Addresses of shared conversations, and of the list of one's links."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from conversations.views import shares


class TokenConverter(StringConverter):
    """What a token may look like; anything else leads to the page of what does not exist."""

    regex = "[A-Za-z0-9_-]{16,64}"


register_converter(TokenConverter, "share_token")

app_name = "shares"

urlpatterns = [
    path("s/<share_token:token>/", shares.shared, name="shared"),
    path("s/<share_token:token>/copy/", shares.copy, name="copy"),
    path("settings/shared-links/", shares.links, name="links"),
    path("settings/shared-links/<uuid:share_id>/revoke/", shares.revoke, name="revoke"),
    path("settings/shared-links/<uuid:share_id>/restore/", shares.restore, name="restore"),
    path("settings/shared-links/<uuid:share_id>/update/", shares.update, name="update"),
]
