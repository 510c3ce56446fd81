"""Addresses of the meter."""

from django.urls import path

from usage import export_views, views

app_name = "usage"
urlpatterns = [
    path("", views.usage_page, name="page"),
    path("meter/", views.meter, name="meter"),
    path("dismiss/", views.dismiss, name="dismiss"),
    path("summary.json", export_views.summary, name="summary"),
    path("export.csv", export_views.export_csv, name="export_csv"),
    path("export.json", export_views.export_json, name="export_json"),
]
