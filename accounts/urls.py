"""`/settings/`. Signing up, in and out is allauth's, under `/accounts/`."""

from django.urls import path

from accounts import activity_views, data_views, picture_views, security_views, views

urlpatterns = [
    path("", views.settings_page, name="settings"),
    path("activity/", activity_views.activity_page, name="activity"),
    path("activity/export.csv", activity_views.activity_csv, name="activity-csv"),
    path("data/", data_views.your_data, name="your-data"),
    path("data/export/", data_views.export, name="export-data"),
    path("data/export/<uuid:export_id>/", data_views.export_progress, name="export-progress"),
    path("data/export/<uuid:export_id>/file/", data_views.download_export, name="download-export"),
    path("data/delete/", data_views.delete_account, name="delete-account"),
    path("picture/", picture_views.change_picture, name="change-picture"),
    path("picture/remove/", picture_views.take_picture_away, name="remove-picture"),
    path("picture/<str:digest>.webp", picture_views.picture, name="picture"),
    path("security/", security_views.security_page, name="security"),
    path("security/devices/sign-out-others/", security_views.sign_out_others, name="sign-out-others"),
    path("security/devices/<uuid:device_id>/sign-out/", security_views.sign_out_device, name="sign-out-device"),
]
