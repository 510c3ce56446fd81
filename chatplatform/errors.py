"""What a person sees when something goes wrong: plain words, what to do, and never a bare page.

HTMX gets a notice instead of a page. A page that may be needed when the database is away asks nothing of it.
"""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from psycopg_pool import PoolTimeout

from core.exceptions import DomainError, Unavailable
from core.log import request_id

logger = logging.getLogger(__name__)

NOTICES = {
    400: "That request could not be read. Reload the page and try again.",
    403: "You may not do this.",
    404: "We could not find that. It may have been deleted.",
    500: "Something went wrong on our side. Please try again; if it stays, reload the page.",
}
STALE_FORM = "This page is out of date. Reload it and try again; copy what you typed first."
DATABASE_AWAY = "Our database does not answer at the moment. Nothing is lost; please try again in a few seconds."


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler400`."""
    return _page(request, "errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler403`."""
    return _page(request, "errors/403.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler404`. The same page for what does not exist and for what is somebody else's."""
    return _page(request, "errors/404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: the request's id, by which the log can be searched. A database that is away makes it a 503."""
    if isinstance(sys.exception(), (OperationalError, InterfaceError, PoolTimeout)):
        response = _page(request, "errors/unavailable.html", 503, error=Unavailable(DATABASE_AWAY))
        response["Retry-After"] = "5"
        return response
    return _page(request, "errors/500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`: mostly a form that was open while somebody signed in or out in another tab."""
    logger.info("A form came without a valid token", extra={"reason": reason, "path": request.path})
    return _page(request, "errors/csrf.html", 403, error=DomainError(STALE_FORM))


def _page(request: HttpRequest, template: str, status: int, error: DomainError | None = None) -> HttpResponse:
    """Rendered without context processors: neither session nor user is asked for. The theme comes from its cookie."""
    if request.headers.get("HX-Request") == "true":
        template = "errors/_notice.html"
    context = {
        "request": request,
        "site_name": settings.SITE_NAME,
        "status": status,
        "request_id": request_id.get(),
        "error": error or DomainError(NOTICES.get(status, NOTICES[500])),
    }
    response = HttpResponse(loader.render_to_string(template, context), status=status)
    response["Cache-Control"] = "no-store"
    return response
