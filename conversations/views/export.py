"""Conversations as JSON files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind
from conversations.selectors.export import export_conversation, export_conversations
from conversations.views.requests import ActorRequest, signed_in
from core.db_pool import in_db


@require_GET
@signed_in
def export_one(request: ActorRequest, conversation_id: UUID) -> StreamingHttpResponse:
    """`/c/<uuid>/export.json`: one conversation with all its branches."""
    conversation, document = export_conversation(request.actor, conversation_id)
    # Letters and digits of any script, never a path, a dot or a control character.
    name = slugify(conversation.title, allow_unicode=True)[:80].strip("-_") or "conversation"
    return _download(document, f"{name}.json")


@require_GET
@signed_in
def export_all(request: ActorRequest) -> StreamingHttpResponse:
    """`/c/export.json`: everything one has."""
    me = request.actor.user_id
    record_security_event(SecurityEventKind.DATA_EXPORTED, subject_id=me, actor_id=me, request=request)
    return _download(export_conversations(request.actor), f"conversations-{timezone.now():%Y-%m-%d}.json")


def _download(document: Iterator[bytes], file_name: str) -> StreamingHttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(True, file_name) or "attachment",
        "Cache-Control": "no-store",
        # Keeps Django's GZipMiddleware away: it packs every chunk of an asynchronous stream as a gzip file of its own
        # (Django 5.2), and browsers unpack the first one only.
        "Content-Encoding": "identity",
    }
    return StreamingHttpResponse(_stream(document), content_type="application/json; charset=utf-8", headers=headers)


async def _stream(document: Iterator[bytes]) -> AsyncIterator[bytes]:
    """In pieces of a useful size, each read in the database's own threads."""
    while piece := await in_db(_next, document):
        yield piece


def _next(document: Iterator[bytes]) -> bytes:
    """About 64 kB more; nothing at the end."""
    piece = bytearray()
    for part in document:
        piece += part
        if len(piece) >= 65_536:
            break
    return bytes(piece)
