"""Headers of static files. Imported by the settings: nothing of Django here."""

from __future__ import annotations

from wsgiref.headers import Headers


def static_headers(headers: Headers, path: str, url: str) -> None:
    """What WhiteNoise sends with every static file besides its own headers."""
    headers["X-Content-Type-Options"] = "nosniff"
