"""A conversation to take away: as Markdown, or as one page for printing. Both are streamed, a page of messages at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import tzinfo
from functools import partial
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.views.decorators.http import require_GET, require_safe

from conversations.markdown_export import document_end, document_head, file_name, message_markdown
from conversations.reading import BranchStep, in_pages
from conversations.reading_types import Reading
from conversations.selectors.reading import open_reading, reading_messages
from conversations.views.requests import ActorRequest, no_store, signed_in
from core.db_pool import in_db

CHUNK_MESSAGES = 50
CHUNK_BYTES = 1_000_000
_MESSAGES_GO_HERE = "<!--messages-->"
# Keeps Django's GZipMiddleware away: it packs every chunk of an asynchronous stream as a gzip file of its own (Django 5.2),
# and browsers unpack the first one only.
_STREAMED = {"Content-Encoding": "identity", "Cache-Control": "no-store"}


@require_GET
@signed_in
def choose(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """`/c/<uuid>/export/`: in which form. A dialog when HTMX asks."""
    context = {"reading": open_reading(request.actor, conversation_id)}
    template = "conversations/_export.html" if request.htmx else "conversations/export_page.html"
    return no_store(render(request, template, context))


@require_safe
@signed_in
def markdown(request: ActorRequest, conversation_id: UUID) -> StreamingHttpResponse:
    """`/c/<uuid>/export.md`: the shown branch; with its reasoning (`?reasoning=1`) and system prompt (`?system_prompt=1`) if asked for."""
    reading = open_reading(request.actor, conversation_id)
    zone = timezone.get_current_timezone()
    with_prompt = "system_prompt" in request.GET
    head = document_head(
        reading.title,
        settings.SITE_NAME,
        timezone.localtime(timezone=zone),
        len(reading.steps),
        reading.system_prompt if with_prompt else "",
    )
    write = partial(_as_markdown, zone=zone, with_reasoning="reasoning" in request.GET)
    return StreamingHttpResponse(
        _streamed(head, reading, write, document_end(reading.running)),
        content_type="text/markdown; charset=utf-8",
        headers=_STREAMED | {"Content-Disposition": content_disposition_header(True, file_name(reading.title, "md")) or "attachment"},
    )


@require_safe
@signed_in
def print_view(request: ActorRequest, conversation_id: UUID) -> StreamingHttpResponse:
    """`/c/<uuid>/print/`: every message of the shown branch on one page."""
    reading = open_reading(request.actor, conversation_id)
    context = {"reading": reading, "with_reasoning": "reasoning" in request.GET, "marker": _MESSAGES_GO_HERE}
    # The title cannot hold the marker: it is escaped.
    head, _, end = render_to_string("conversations/print_page.html", context, request).partition(_MESSAGES_GO_HERE)
    zone, language = timezone.get_current_timezone(), get_language()
    write = partial(_as_html, zone=zone, language=language, with_reasoning="reasoning" in request.GET)
    return StreamingHttpResponse(_streamed(head, reading, write, end), content_type="text/html; charset=utf-8", headers=_STREAMED)


async def _streamed(head: str, reading: Reading, write: Callable[[Sequence[BranchStep]], str], end: str) -> AsyncIterator[str]:
    yield head
    for steps in in_pages(reading.steps, most=CHUNK_MESSAGES, most_bytes=CHUNK_BYTES):
        yield await in_db(write, steps)
    yield end


def _as_markdown(steps: Sequence[BranchStep], *, zone: tzinfo, with_reasoning: bool) -> str:
    return "".join(
        message_markdown(message, timezone.localtime(message.said_at, zone), with_reasoning=with_reasoning)
        for message in reading_messages(steps)
    )


def _as_html(steps: Sequence[BranchStep], *, zone: tzinfo, language: str, with_reasoning: bool) -> str:
    template = get_template("conversations/_reading_messages.html")
    # The request's zone and language have gone by now; a stream outlives its middleware.
    with timezone.override(zone), override(language):
        context = {"with_reasoning": with_reasoning, "own": True, "dated": True, "unfolded": True}
        return template.render({"messages": reading_messages(steps), **context})
