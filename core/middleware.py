"""Middleware without business words: request ids, and errors said in plain words."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import redis
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg_pool import PoolTimeout

from core import log
from core.db_pool import drop_broken_connections
from core.exceptions import DomainError, NotFound, RateLimited, Unavailable
from core.ids import uuid7

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]
_ACCEPTABLE_ID = re.compile(r"^[A-Za-z0-9_-]{8,64}$")


class RequestContextMiddleware:
    """Gives each request an id (a sane `X-Request-ID` from a proxy is kept), for the logs and the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        identifier = given if _ACCEPTABLE_ID.match(given) else uuid7().hex
        token = log.request_id.set(identifier)
        try:
            response = self.get_response(request)
        finally:
            log.request_id.reset(token)
        response["X-Request-ID"] = identifier
        return response


class PlainRequestsMiddleware:
    """Text is UTF-8, as every browser sends it: other charsets (`utf-7`, `unicode_escape`, `rot13`) make of bytes what no database takes.
    And no address has a null byte.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            request.encoding = "utf-8"  # for whoever words the refusal
            raise BadRequest("What is sent must be UTF-8.")
        if "\x00" in request.path_info:
            raise Http404
        return self.get_response(request)


def error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A domain error as a page, or as a small fragment when HTMX asked."""
    fragment = request.headers.get("HX-Request") == "true"
    template = "errors/_notice.html" if fragment else "errors/error.html"
    response = render(request, template, {"error": error, "status": error.http_status}, status=error.http_status)
    if isinstance(error, RateLimited):
        response["Retry-After"] = str(max(1, round(error.retry_after)))
    elif isinstance(error, Unavailable):
        response["Retry-After"] = "5"
    response["Cache-Control"] = "no-store"
    return response


class DomainErrorMiddleware:
    """A `DomainError` that a view lets through becomes an answer with its own status and words."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotFound):
            raise Http404(error.message) from error
        if isinstance(error, DomainError):
            return error_response(request, error)
        return None


class PrivatePagesMiddleware:
    """What was made for somebody with a session is kept by no cache and by no disk, unless its view says how: pages show secrets of second
    steps, recovery codes and addresses, and a browser may be used by the next one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response


class PermissionsPolicyMiddleware:
    """Browsers give pages nothing that the product never asks for, whatever a script on them should try (W3C Permissions Policy)."""

    HEADER = ", ".join(f"{name}=()" for name in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb"))

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", self.HEADER)
        return response


_DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)
_QUEUE_AWAY = (redis.ConnectionError, redis.TimeoutError)


class DependencyErrorMiddleware:
    """When PostgreSQL or Valkey is away, the answer says so (503, try again) instead of a bare 500."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except (*_DATABASE_AWAY, *_QUEUE_AWAY) as error:
            return self._say(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, (*_DATABASE_AWAY, *_QUEUE_AWAY)):
            return self._say(request, error)
        return None

    def _say(self, request: HttpRequest, error: Exception) -> HttpResponse:
        what = "database" if isinstance(error, _DATABASE_AWAY) else "live service"
        if what == "database":
            drop_broken_connections()
        logger.error("A dependency is away", extra={"dependency": what, "cause": repr(error)})
        message = f"Our {what} does not answer at the moment. Nothing is lost; please try again in a few seconds."
        # Rendered without the request: its session and user would ask the database again.
        fragment = request.headers.get("HX-Request") == "true"
        template = "errors/_notice.html" if fragment else "errors/unavailable.html"
        response = render(None, template, {"error": Unavailable(message), "status": 503}, status=503)
        response["Retry-After"] = "5"
        response["Cache-Control"] = "no-store"
        return response
