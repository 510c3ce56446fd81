"""What this app holds of a person, as files: to bring along elsewhere, and to read."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.types import Actor, Advance, ExportFile
from conversations.exceptions import ConversationNotFound
from conversations.markdown_export import document_end, document_head, file_name, message_markdown
from conversations.models import Conversation
from conversations.reading import in_pages
from conversations.reading_types import Reading
from conversations.selectors.access import conversations_of
from conversations.selectors.export import export_conversations
from conversations.selectors.reading import open_reading, reading_messages

_IDS_A_PAGE = 500
_MESSAGES_AT_ONCE = 50
_BYTES_AT_ONCE = 1_000_000


def personal_data_steps(actor: Actor) -> int:
    """Each conversation is written twice."""
    return 2 * _kept(actor).count()


def personal_data(actor: Actor, advance: Advance) -> Iterator[ExportFile]:
    """`conversations.json` with every branch, which can be imported again; and the shown branch of each as Markdown."""
    yield ExportFile("conversations.json", export_conversations(actor, advance))
    for number, conversation_id in enumerate(_ids(actor), start=1):
        try:
            reading = open_reading(actor, conversation_id)
        except ConversationNotFound:  # deleted meanwhile
            continue
        yield ExportFile(f"conversations/{number:06} {file_name(reading.title, 'md')}", _markdown(reading))
        advance()


def _kept(actor: Actor) -> QuerySet[Conversation]:
    return conversations_of(actor).filter(expires_at__isnull=True)


def _ids(actor: Actor) -> Iterator[UUID]:
    rows, last = _kept(actor).order_by("id").values_list("id", flat=True), None
    while page := list((rows.filter(id__gt=last) if last else rows)[:_IDS_A_PAGE]):
        yield from page
        last = page[-1]


def _markdown(reading: Reading) -> Iterator[bytes]:
    """Times are UTC: the file outlives the zone that its person lives in."""
    yield document_head(reading.title, settings.SITE_NAME, timezone.now(), len(reading.steps), reading.system_prompt).encode()
    for steps in in_pages(reading.steps, most=_MESSAGES_AT_ONCE, most_bytes=_BYTES_AT_ONCE):
        for message in reading_messages(steps):
            yield message_markdown(message, message.said_at, with_reasoning=True).encode()
    yield document_end(reading.running).encode()
