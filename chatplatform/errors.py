"""What a person sees when something goes wrong: plain words, what to do, and never a bare page.

Nothing here asks the database or the session: these pages must work on the day those do not.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader

from core.log import request_id

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return _page("errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return _page("errors/403.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404. The same page for what does not exist and for what is somebody else's."""
    return _page("errors/404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500. Shows the request's id, by which the log can be searched."""
    return _page("errors/500.html", 500)


def unavailable(request: HttpRequest, message: str = "") -> HttpResponse:
    """503: something that the page needs is down. `message` says what, in plain words."""
    response = _page("errors/503.html", 503, message=message)
    response["Retry-After"] = "5"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`: mostly a form that was open while somebody signed in or out in another tab."""
    logger.info("A form came without a valid token", extra={"reason": reason, "path": request.path})
    return _page("errors/csrf.html", 403, retry_path=request.path)


def _page(template: str, status: int, **context: object) -> HttpResponse:
    context |= {"site_name": settings.SITE_NAME, "status": status, "request_id": request_id.get()}
    # Rendered without a request, so that no context processor runs.
    response = HttpResponse(loader.render_to_string(template, context), status=status)
    response["Cache-Control"] = "no-store"
    return response
