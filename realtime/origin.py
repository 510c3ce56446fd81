"""Only pages of this very site may open the socket (cross-site WebSocket hijacking; RFC 6455, section 10.2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

ASGIApp = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class SameOriginOnly:
    """Refuses a handshake (HTTP 403) whose Origin is missing, or is neither the Host asked for nor `BASE_URL`.

    The Host itself must be one of `ALLOWED_HOSTS`, as for pages.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if self._same_origin(dict(scope["headers"])):
            return await self.app(scope, receive, send)
        await receive()  # websocket.connect
        await send({"type": "websocket.close", "code": 4403})

    @staticmethod
    def _same_origin(headers: dict[bytes, bytes]) -> bool:
        from django.http.request import split_domain_port, validate_host

        origin = headers.get(b"origin", b"").decode("latin-1").lower()
        if not origin or origin == "null":
            return False
        if origin == settings.BASE_URL.lower():
            return True
        host = headers.get(b"host", b"").decode("latin-1").lower()
        domain, _ = split_domain_port(host)
        return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS or ["localhost"]) and urlsplit(origin).netloc == host
