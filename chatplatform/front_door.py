"""In front of the pages: whoever was turned away a moment ago is turned away here, in the event loop, and takes no thread from others."""

from __future__ import annotations

import io
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware

from accounts.doors import is_door, refuse_again
from core.middleware import PermissionsPolicyMiddleware


class FrontDoor:
    """Answers such a request as `DoorsMiddleware` would, and passes everything else on."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        refusal = _refusal(scope) if is_door(scope["method"], scope["path"]) else None
        if refusal is None:
            await self.app(scope, receive, send)
            return
        refusal["Content-Length"] = str(len(refusal.content))
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in refusal.items()]
        await send({"type": "http.response.start", "status": refusal.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": refusal.content})


def _refusal(scope: dict[str, Any]) -> HttpResponse | None:
    try:
        request = ASGIRequest(scope, io.BytesIO())
        refusal = refuse_again(request)
        answer = refusal and SecurityMiddleware(PermissionsPolicyMiddleware(lambda _: refusal))(request)
    except (PermissionDenied, SuspiciousOperation, ValueError):
        return None  # the application has the words for it
    return answer if isinstance(answer, HttpResponse) else None
