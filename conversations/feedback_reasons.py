"""Why an answer was good or bad: the few reasons that the page offers."""

from __future__ import annotations

from conversations.models import Rating

REASONS: dict[str, dict[str, str]] = {
    Rating.GOOD: {
        "correct": "It is correct",
        "clear": "It is easy to follow",
        "complete": "It has all that I need",
        "style": "I like how it is written",
        "other": "Something else",
    },
    Rating.BAD: {
        "wrong": "Something in it is wrong",
        "not_followed": "It did not do what I asked",
        "incomplete": "Something is missing",
        "too_long": "It is too long",
        "broken": "Its code or layout does not work",
        "refused": "It refused without a reason",
        "harmful": "It is offensive or dangerous",
        "other": "Something else",
    },
}
COMMENT_CHARACTERS = 2000
