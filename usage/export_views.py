"""The ledger and its statistics for machines. What may be asked for is the same as for the page (`usage.requests`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from uuid import UUID

import orjson
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.types import ActorRequest
from core.db_pool import in_db
from core.exceptions import InvalidInput
from usage.page import first_day, last_day
from usage.ranges import UsageRange
from usage.requests import read_range
from usage.selectors import export
from usage.selectors.figures import one_moment
from usage.selectors.summary import get_summary
from usage.selectors.summary_json import summary_json

_Pages = Callable[[UUID, UsageRange, tuple[datetime, UUID] | None], export.Page]


@login_required
@require_safe
@never_cache
def summary(request: ActorRequest) -> HttpResponse:
    """Totals, buckets, breakdowns, trend, forecast and limits of a range, as docs/usage-api.md describes them."""
    actor, now = request.actor, timezone.now()
    try:
        chosen = read_range(request.GET, timezone.get_current_timezone(), now)
    except InvalidInput as error:
        return _refused(error)
    with one_moment():
        found = get_summary(actor, chosen, now=now)
        body = summary_json(actor, found)
    return HttpResponse(orjson.dumps(body, option=orjson.OPT_INDENT_2), content_type="application/json")


@login_required
@require_safe
@never_cache
def export_csv(request: ActorRequest) -> HttpResponse:
    """Every ledger entry of the range, streamed: memory stays flat however long it is."""
    return _export(request, "csv", "text/csv; charset=utf-8", export.csv_page, _csv)


@login_required
@require_safe
@never_cache
def export_json(request: ActorRequest) -> HttpResponse:
    """The same as one JSON array."""
    return _export(request, "json", "application/json", export.json_page, _json)


def _export(
    request: ActorRequest, ending: str, content_type: str, pages: _Pages, stream: Callable[[AsyncIterator[bytes]], AsyncIterator[bytes]]
) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    try:
        chosen = read_range(request.GET, timezone.get_current_timezone(), now)
    except InvalidInput as error:
        return _refused(error)
    headers = {
        "Content-Disposition": f'attachment; filename="usage-{first_day(chosen):%Y-%m-%d}-to-{last_day(chosen):%Y-%m-%d}.{ending}"',
        # Keeps Django's GZipMiddleware away: it packs every chunk of an asynchronous stream as a gzip file of its own
        # (Django 5.2), and browsers unpack the first one only.
        "Content-Encoding": "identity",
    }
    return StreamingHttpResponse(stream(_texts(actor.workspace_id, chosen, pages)), content_type=content_type, headers=headers)  # type: ignore[return-value]


async def _texts(workspace_id: UUID, chosen: UsageRange, pages: _Pages) -> AsyncIterator[bytes]:
    after = None
    while True:
        page = await in_db(pages, workspace_id, chosen, after)
        if page.last is None:
            return
        yield page.text
        after = page.last


async def _csv(texts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield export.csv_header()
    async for text in texts:
        yield text


async def _json(texts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Lines become the elements of one array."""
    yield b"[\n"
    first = True
    async for text in texts:
        yield (b"" if first else b",\n") + text.rstrip(b"\n").replace(b"\n", b",\n")
        first = False
    yield b"\n]\n"


def _refused(error: InvalidInput) -> HttpResponse:
    body = orjson.dumps({"error": {"code": error.code, "message": error.message}})
    return HttpResponse(body, status=error.http_status, content_type="application/json")
