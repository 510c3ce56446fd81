"""Addresses below `/settings/import/`."""

from django.urls import path

from conversations.views import imports

app_name = "imports"

urlpatterns = [
    path("", imports.imports, name="imports"),
    path("<uuid:job_id>/", imports.progress, name="progress"),
    path("<uuid:job_id>/cancel/", imports.cancel, name="cancel"),
]
