"""`/settings/activity/`: what happened to one's own account."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.selectors.security_events import csv_of_security_events, security_events_of, security_events_page
from accounts.types import ActorRequest
from core.db_pool import in_db


@login_required
@require_safe
@never_cache
def activity_page(request: ActorRequest) -> HttpResponse:
    """The latest first; `?before=<id>` goes on below that event."""
    before = request.GET.get("before")
    try:
        events, has_more = security_events_page(request.actor.user_id, UUID(before) if before else None)
    except ValueError as error:
        raise Http404 from error
    return render(request, "account/activity.html", {"events": events, "has_more": has_more, "first_page": not before})


@login_required
@require_safe
@never_cache
def activity_csv(request: ActorRequest) -> HttpResponseBase:
    """All of it, streamed."""
    return csv_download(csv_of_security_events(security_events_of(request.actor.user_id)))


def csv_download(pieces: Iterator[bytes]) -> StreamingHttpResponse:
    """A file that is written while it is read. `Content-Encoding` keeps Django's GZipMiddleware away, which breaks such streams."""
    headers = {
        "Content-Disposition": f'attachment; filename="security-activity-{timezone.now():%Y-%m-%d}.csv"',
        "Content-Encoding": "identity",
    }
    return StreamingHttpResponse(_stream(pieces), content_type="text/csv; charset=utf-8", headers=headers)


async def _stream(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while piece := await in_db(next, pieces, b""):
        yield piece
