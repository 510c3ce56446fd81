"""What every template may rely on."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def site(request: HttpRequest) -> dict[str, object]:
    """`site_name`; `LANGUAGE_CODE` for <html lang>; the CSP nonce under the name that django-htmx's tag reads (empty unless asked for)."""
    return {"site_name": settings.SITE_NAME, "LANGUAGE_CODE": get_language(), "csp_nonce": ""}
