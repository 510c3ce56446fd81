"""Questions and answers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from chatplatform.gallery.samples import (
    ANSWER,
    CODE,
    FOOTNOTES,
    HEADINGS,
    HERE,
    MATHS,
    MIDDLE,
    REASONING,
    SAID_AT,
    TABLE,
    message_id,
)
from chatplatform.gallery.state import State
from conversations.reading_types import ReadingMessage
from conversations.rendering.stream import StreamRenderer, render
from conversations.types import ConversationItem, Gap, MessageView

QUESTION = MessageView(message_id(1), HERE, None, "user", "completed", "My sourdough stays flat and dense.\nWhat should I check first?")
_EMPTY = replace(QUESTION, id=message_id(2), parent_id=QUESTION.id, role="assistant", text="", model_key=MIDDLE.key, model_name=MIDDLE.name)
ANSWERED = replace(
    _EMPTY,
    text=ANSWER,
    html=render(ANSWER),
    input_tokens=1240,
    output_tokens=386,
    cost=Decimal("0.00951"),
    seconds_to_first_token=0.42,
    seconds_total=6.1,
    finish_reason="stop",
)


def states() -> list[State]:
    return [*_questions(), *_live(), *_ended(), *_bodies(), *_around(), *_for_reading()]


def _state(name: str, message: MessageView, **changes: Any) -> State:
    return State(name, "conversations/_message.html", {"message": replace(message, **changes)}, classes="column")


def _questions() -> list[State]:
    return [
        _state("Question", QUESTION),
        _state("Question without an answer", QUESTION, unanswered=True),
        _state("Question, version 2 of 3", QUESTION, **_versions(2)),
        _state("Question with long words", QUESTION, text="https://example.org/" + "very-long-" * 30 + "\n\n    indented\n\nשלום"),
    ]


def _live() -> list[State]:
    stream = StreamRenderer.from_text(ANSWER[:180])
    live = {"closed": stream.closed_html, "tail": stream.tail_html, "offset": stream.length}
    return [
        _state("Answer queued", _EMPTY, status="queued"),
        _state("Answer running", _EMPTY, status="running", **live),
        _state("Answer running, thinking", _EMPTY, status="running", reasoning=REASONING),
    ]


def _ended() -> list[State]:
    failed = {"status": "failed", "error_message": "The provider did not answer in time; try again.", "html": "", "text": "", "cost": None}
    return [
        _state("Answer completed", ANSWERED),
        _state("Answer with reasoning", ANSWERED, reasoning=REASONING, reasoning_seconds=7.2),
        _state("Answer rated, with estimated figures", ANSWERED, rating="good", estimated=True),
        _state("Answer, version 2 of 3", ANSWERED, **_versions(2)),
        _state("Answer, version 3 of 3", ANSWERED, **_versions(3)),
        _state("Answer stopped", ANSWERED, status="stopped", text=ANSWER[:60], html=render(ANSWER[:60])),
        _state("Answer stopped before its first word", _EMPTY, status="stopped"),
        _state("Answer failed", _EMPTY, **failed),
        _state("Answer failed on the way", ANSWERED, status="failed", error_message="The connection to the provider was lost."),
        _state("Answer interrupted", ANSWERED, status="interrupted", estimated=True),
        _state("Answer refused", ANSWERED, finish_reason="refusal", text="I", html=render("I cannot help with that.")),
        _state("Answer of the longest length", ANSWERED, finish_reason="length", dropped_turns=4),
        _state("Answer that is continued", ANSWERED, status="running", continues=True, closed=ANSWERED.html, offset=len(ANSWER)),
    ]


def _bodies() -> list[State]:
    texts = {"Long code": CODE, "Formulas": MATHS, "A wide table": TABLE, "Footnotes": FOOTNOTES, "Headings and lists": HEADINGS}
    return [_state(name, ANSWERED, text=text, html=render(text)) for name, text in texts.items()]


def _around() -> list[State]:
    conversation = ConversationItem(HERE, "Sourdough that rises", SAID_AT)
    gap = Gap(message_id(1), message_id(3), message_id(90), 87)
    turn = {"conversation": conversation, "messages": [QUESTION, ANSWERED], "has_older": True}
    return [
        State("A turn with earlier messages", "conversations/_log_items.html", turn, classes="column"),
        State("Messages above a gap", "conversations/_between.html", {**turn, "gap": gap, "from_below": False}, classes="column"),
    ]


def _for_reading() -> list[State]:
    question = ReadingMessage("user", QUESTION.text, "", "", "", SAID_AT)
    answer = ReadingMessage("assistant", ANSWER, ANSWERED.html, REASONING, MIDDLE.name, SAID_AT, cut_short=True, reasoning_seconds=7)
    shown = {"messages": [question, answer], "with_reasoning": True, "dated": True}
    pages = {"label": "Pages", "page": {"number": 2, "page_count": 3, "previous": 1, "next": 3}}
    return [
        State("Shared messages", "conversations/_reading_messages.html", shown, classes="column"),
        State("Pages of a shared conversation", "conversations/_reading_pages.html", pages, classes="column"),
    ]


def _versions(number: int) -> dict[str, Any]:
    after = {"next_sibling": message_id(50)} if number < 3 else {}
    return {"sibling_index": number, "sibling_count": 3, "previous_sibling": message_id(40), **after}
