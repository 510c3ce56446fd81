"""What this app holds of a person, as a file."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from accounts.types import Actor, Advance, ExportFile
from notifications.models import Notification
from notifications.selectors.choices import muted_topics
from notifications.types import Topic

_COLUMNS = ("kind", "address", "context", "status", "created_at", "sent_at")


def personal_data_steps(actor: Actor) -> int:
    return 1


def personal_data(actor: Actor, advance: Advance) -> Iterator[ExportFile]:
    """`mails.json`: every mail that was written to them, the oldest first; `notifications.json`: which ones they want."""
    mails = list(Notification.objects.filter(user_id=actor.user_id).order_by("id").values(*_COLUMNS))
    yield ExportFile("mails.json", (orjson.dumps(mails, option=orjson.OPT_INDENT_2),))
    muted = muted_topics(actor.user_id)
    wanted = {topic.value: topic not in muted for topic in Topic}
    yield ExportFile("notifications.json", (orjson.dumps(wanted, option=orjson.OPT_INDENT_2),))
    advance()
