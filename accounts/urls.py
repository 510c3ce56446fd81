"""`/settings/`. Signing up, in and out is allauth's, under `/accounts/`."""

from django.urls import path

from accounts import activity_views, security_views, views

urlpatterns = [
    path("", views.settings_page, name="settings"),
    path("activity/", activity_views.activity_page, name="activity"),
    path("activity/export.csv", activity_views.activity_csv, name="activity-csv"),
    path("security/", security_views.security_page, name="security"),
    path("security/devices/sign-out-others/", security_views.sign_out_others, name="sign-out-others"),
    path("security/devices/<uuid:device_id>/sign-out/", security_views.sign_out_device, name="sign-out-device"),
]
