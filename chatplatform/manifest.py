"""What a browser needs to know to put the product on a home screen (https://www.w3.org/TR/appmanifest/, read 2026-11-23)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# The page's own colours (--paper), as templates/_theme_color.html has them.
LIGHT = "#fbfaf7"
DARK = "#12171b"
_PAGES = (("New chat", "/c/"), ("Search", "/search/"), ("Usage", "/usage/"))
_ICONS = (
    ("icons/app-192.png", "192x192", "any"),
    ("icons/app-512.png", "512x512", "any"),
    ("icons/app-maskable-512.png", "512x512", "maskable"),
)


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """`/manifest.webmanifest`: the same for everybody, so it asks neither database nor session."""
    described = {
        "id": "/c/",
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "description": "Claude, GPT, Gemini and open models in one conversation.",
        "lang": "en",
        "start_url": "/c/",
        "scope": "/",
        "display": "standalone",
        **_colours(LIGHT),
        # Browsers that do not know it yet show the page's own colour, which follows the theme (meta theme-color).
        "color_scheme_dark": _colours(DARK),
        "icons": [{"src": static(file), "sizes": sizes, "type": "image/png", "purpose": purpose} for file, sizes, purpose in _ICONS],
        "shortcuts": [{"name": name, "url": url} for name, url in _PAGES],
    }
    return JsonResponse(described, content_type="application/manifest+json")


def _colours(colour: str) -> dict[str, str]:
    return {"theme_color": colour, "background_color": colour}
