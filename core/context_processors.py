"""What every template may rely on."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """`site_name`, and the CSP nonce under the name that django-htmx's tag reads (empty unless the policy asks for one)."""
    return {"site_name": settings.SITE_NAME, "csp_nonce": ""}
