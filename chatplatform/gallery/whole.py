"""A conversation as a whole, and the parts of it that only a whole one has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chatplatform.gallery.answers import ANSWERED, QUESTION
from chatplatform.gallery.samples import ADA, CHOICES, DEMONSTRATION, HERE, MIDDLE, message_id
from chatplatform.gallery.state import State
from conversations.types import Beginning, ConversationView, Gap, Stretch

# The page has one `main` and one title, and those are the gallery's.
_INSIDE = (("<main ", "<div "), ("</main>", "</div>"), ('<h1 id="title"', '<h1 aria-level="4" id="title"'))
_SHORT = replace(ANSWERED, id=message_id(90), text="Start with the starter.", html="<p>Start with the starter.</p>")
_OPEN = ConversationView(HERE, "Sourdough that rises", MIDDLE.key, 3, messages=(_SHORT,))


def states() -> list[State]:
    found = Stretch((QUESTION,), True, Gap(QUESTION.id, message_id(3), _SHORT.id, 87))
    naming = ('<header class="bar">', '<header class="bar" data-naming>')
    return [
        _main("A new conversation", None, beginning=Beginning(), selected_model=DEMONSTRATION),
        _main("A conversation, its title being made", _OPEN, naming),
        _main("A conversation around what was found", replace(_OPEN, stretch=found)),
        _main("A conversation that is empty again", replace(_OPEN, messages=())),
    ]


def _main(name: str, conversation: ConversationView | None, *changes: tuple[str, str], **context: Any) -> State:
    title = conversation.title if conversation else "New chat"
    page = {"conversation": conversation, "title": title, "user": ADA | {"pk": 1}, "messages": (), "temporary_hours": 24}
    composer = {"models": CHOICES, "selected_model": MIDDLE, "message_limit": 1_000_000, "system_prompt_limit": 20_000}
    return State(name, "conversations/_main.html", {**page, **composer, **context}, changes=(*_INSIDE, *changes))
