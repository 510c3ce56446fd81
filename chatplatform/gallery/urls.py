"""The address of the gallery, for the product's own list: there is none without `DEBUG`."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from chatplatform.gallery.views import gallery


def for_developers() -> list[URLPattern]:
    return [path("gallery/", gallery, name="gallery")] if settings.DEBUG else []
