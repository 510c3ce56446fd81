"""Probes ask by address, not by name: the answers must not depend on `ALLOWED_HOSTS`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from chatplatform.health import healthz, readyz

GetResponse = Callable[[HttpRequest], HttpResponse]
_PROBES = {"/healthz": healthz, "/readyz": readyz}


class ProbesMiddleware:
    """Answers `/healthz` and `/readyz` before anything looks at the Host header, sessions or cookies."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = _PROBES.get(request.path)
        return probe(request) if probe else self.get_response(request)
