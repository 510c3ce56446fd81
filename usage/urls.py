"""Addresses of the meter."""

from django.urls import path

from usage import views

app_name = "usage"
urlpatterns = [
    path("", views.usage_page, name="page"),
    path("meter/", views.meter, name="meter"),
    path("export.csv", views.export_csv, name="export_csv"),
]
