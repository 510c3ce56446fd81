"""The addresses of the gallery, for the product's own list: there are none without `DEBUG`."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path


def for_developers() -> list[URLPattern]:
    if not settings.DEBUG:
        return []
    from chatplatform.gallery.mails import mail, mails
    from chatplatform.gallery.views import gallery

    return [
        path("gallery/", gallery, name="gallery"),
        path("gallery/mails/", mails, name="gallery-mails"),
        path("gallery/mails/<slug:kind>/", mail, name="gallery-mail"),
    ]
