"""Values of the wire."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.sessions import session_mark

_TOPIC = re.compile(r"^([a-z_]{1,20}):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a page can listen to: a kind that an app registered and the id of one thing of that kind."""

    kind: str
    id: UUID

    @staticmethod
    def parse(text: str) -> Topic | None:
        """The topic of `kind:uuid`, or None when it is not one."""
        match = _TOPIC.match(text)
        return Topic(match.group(1), UUID(match.group(2))) if match else None

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


def session_topic(session_key: str) -> Topic:
    """What every socket of a session listens to without being asked; no page can."""
    return Topic("session", session_mark(session_key))


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """Something a page should know. `type` names the handler in the page, `data` is JSON.

    Live data is viewer-neutral: no CSRF token, nothing that only one person may see.
    """

    topic: Topic
    type: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TopicHandler:
    """How an app answers for its topics. Both run in a database thread.

    `authorize(user_id, id)`: may this person listen? `state(user_id, id)`: events that tell a page which has just
    subscribed what is true now; the page compares and fetches what it lacks.
    """

    authorize: Callable[[UUID, UUID], bool]
    state: Callable[[UUID, UUID], Sequence[LiveEvent]]
