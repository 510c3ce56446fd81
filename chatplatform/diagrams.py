"""The document in which diagrams are drawn: a sandbox of its own, with a policy of its own (docs/adr/0008)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

_SCRIPTS = ("mermaid/mermaid.js", "js/diagram_frame.js")


@require_safe
@cache_control(public=True, max_age=300)
@xframe_options_sameorigin
def frame(request: HttpRequest) -> HttpResponse:
    """`/diagrams/frame/`: the same for everybody. Knows no cookie and no origin (sandbox), and reaches nothing but its two scripts."""
    scripts = [request.build_absolute_uri(static(name)) for name in _SCRIPTS]
    response = render(request, "diagram_frame.html", {"scripts": scripts})
    # Inline styles are Mermaid's way of drawing; they reach nothing outside of this frame. The sandbox also holds when it is opened alone.
    response["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {' '.join(scripts)}; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"
    )
    return response
