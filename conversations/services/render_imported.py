"""Imported answers get their HTML ahead of their first reader."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from accounts.types import Actor
from conversations.models import Conversation, Message, MessageRole
from conversations.rendering import render

_AT_ONCE = 50


def render_imported(actor: Actor, keep_going: Callable[[], bool] = lambda: True) -> int:
    """Render what was imported and never was, the latest conversations first; how many answers that were.

    Importing does not wait for it: a page renders what it shows and finds bare. So a run that is cut off has lost nothing, and
    the next one does the rest.
    """
    rendered = 0
    mine = Conversation.objects.filter(owner_id=actor.user_id, workspace_id=actor.workspace_id, deleted_at__isnull=True)
    for conversation_id in mine.exclude(import_key="").order_by("-last_activity_at").values_list("id", flat=True):
        bare = Message.objects.filter(conversation_id=conversation_id, role=MessageRole.ASSISTANT, html="", generation__isnull=True)
        last: UUID | None = None
        while keep_going():
            page = bare.exclude(text="").only("id", "text").order_by("id")
            rows = list((page.filter(id__gt=last) if last else page)[:_AT_ONCE])
            if not rows:
                break
            for row in rows:
                row.html = render(row.text)
            Message.objects.bulk_update(rows, ["html"])
            rendered += len(rows)
            last = rows[-1].id
    return rendered
