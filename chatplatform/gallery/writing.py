"""The composer and what stands around it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from chatplatform.gallery.answers import QUESTION
from chatplatform.gallery.samples import ANSWER, CHOICES, DEMONSTRATION, HERE, MIDDLE, SAID_AT, SMALL
from chatplatform.gallery.state import State
from conversations.selectors.estimate import Estimate
from conversations.types import Beginning, ConversationView
from core.exceptions import DomainError, InvalidInput, PaymentRequired

_OPEN = ConversationView(HERE, "Sourdough that rises", MIDDLE.key, 3, messages=(QUESTION,))
# What js/queue.js says (test_gallery holds the two together).
WAITS = "Is sent when the answer has ended"
ASKS = {
    "Composer with a message that waits, the answer was stopped": "The answer was stopped. Send this now?",
    "Composer with a message that waits, the answer failed": "The answer failed. Send this anyway?",
    "Composer with a message that waits, not sent": "This could not be sent yet.",
}
_ESTIMATE = Estimate(MIDDLE, 1240, Decimal("0.0097"), 9432, Decimal("0.1266"), fits=True)


def states() -> list[State]:
    return [*_composers(), *_notices(), *_beginnings(), *_editors()]


def _composer(name: str, changes: tuple[tuple[str, str], ...] = (), **context: Any) -> State:
    page = {"models": CHOICES, "selected_model": MIDDLE, "message_limit": 1_000_000, **context}
    return State(name, "conversations/_composer.html", page, classes="dock", changes=changes)


def _composers() -> list[State]:
    live = replace(QUESTION, status="running")
    send_now = ("data-send hidden", "data-send")
    return [
        _composer("Composer, empty"),
        _composer("Composer with a draft", conversation=_OPEN, draft=ANSWER),
        _composer("Composer while an answer runs", conversation=_OPEN, live=live),
        _composer("Composer with a message that waits", _waiting(WAITS), conversation=_OPEN, live=live),
        *(_composer(name, _waiting(question, send_now), conversation=_OPEN) for name, question in ASKS.items()),
        _composer("Composer without a model", models=(), selected_model=None),
    ]


def _waiting(state: str, *changes: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return (
        ('aria-label="Waiting message" hidden', 'aria-label="Waiting message"'),
        ('role="status"></span>', f'role="status">{state}</span>'),
        ('data-part="words" dir="auto"></span>', 'data-part="words" dir="auto">And if it rains on the second day?</span>'),
        *changes,
    )


def _notices() -> list[State]:
    full = PaymentRequired("This answer could need 8,432 tokens; your plan has 1,200 left until 1 December.", code="tokens")
    other = PaymentRequired("Large 4 comes with Pro and Enterprise.", code="model_not_included")
    return [
        _notice("No room in the plan", full, instead=replace(_ESTIMATE, model=SMALL)),
        _notice("Model not in the plan", other),
        _notice("Message refused", InvalidInput("The message is longer than this model can read.")),
        State("Estimate", "conversations/_estimate.html", {"estimate": _ESTIMATE}, "p", "estimate quiet"),
        State(
            "Estimate that does not fit",
            "conversations/_estimate.html",
            {"estimate": replace(_ESTIMATE, fits=False)},
            "p",
            "estimate quiet",
        ),
    ]


def _notice(name: str, error: DomainError, **more: Any) -> State:
    return State(name, "conversations/_composer_notice.html", {"error": error, **more}, classes="composer-notice")


def _beginnings() -> list[State]:
    temporary = Beginning("You are a patient teacher.", temporary=True)
    shown = (('class="options-list beginning" id="beginning" popover', 'class="options-list beginning" id="beginning"'),)
    one = {"beginning": temporary, "system_prompt_limit": 20_000}
    kept = {"conversation": replace(_OPEN, system_prompt="Be brief.", expires_at=SAID_AT)}
    return [
        State("What a conversation begins with", "conversations/_beginning.html", one, changes=shown),
        State("New chat", "conversations/_empty.html", {"selected_model": MIDDLE, "temporary_hours": 24}),
        State("New chat with the demonstration", "conversations/_empty.html", {"selected_model": DEMONSTRATION, "temporary_hours": 24}),
        State("Marks of a conversation", "conversations/_marks.html", kept, classes="marks"),
        State("Temporary chat", "conversations/_temporary_note.html", kept),
    ]


def _editors() -> list[State]:
    edit = {"message": QUESTION, "text": QUESTION.text, "home": "/c/"}
    prompt = {"address": "/c/", "conversation_id": HERE, "text": "Be brief.", "tokens": 3, "limit": 20_000, "level": 4}
    wrong = {**prompt, "error": InvalidInput("At most 20,000 characters are possible.")}
    return [
        State("Question being edited", "conversations/_editor.html", edit, classes="column"),
        State(
            "Question being edited, refused",
            "conversations/_editor.html",
            {**edit, "error": InvalidInput("Write something first.")},
            classes="column",
        ),
        State("System prompt", "conversations/_system_prompt.html", prompt, classes="sheet"),
        State("System prompt, too long", "conversations/_system_prompt.html", wrong, classes="sheet"),
        State("Forms of all messages", "conversations/_act_forms.html"),
    ]
