"""Pages under ASGI: one hop from the event loop to a thread, and back.

All our views and middleware are synchronous. Django's own ASGI handler would change between loop and threads for every
middleware that can do both, make a thread for each request, and leave a database connection behind, outside of the
pool, whenever a client goes away in the middle of a request.
"""

from __future__ import annotations

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ThreadedHandler(ASGIHandler):
    """Runs each request in one of as many threads as there are pooled database connections; further requests wait.

    The request's connection goes back to the pool as soon as the response is made, also when nobody waits for it any
    more. A streamed response reads with a connection of its own, which Django returns when the response is closed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(max_workers=settings.DB_POOL_MAX, thread_name_prefix="page")

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, self._respond, request)

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        finally:
            connections.close_all()


def get_http_application() -> ThreadedHandler:
    """Set Django up and return the handler of its pages."""
    django.setup(set_prefix=False)
    return ThreadedHandler()
