"""How long a model thought."""

from __future__ import annotations

import pytest

from conversations.reasoning_words import thought_for


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "Reasoning"),
        (0.2, "Thought for a moment"),
        (1.2, "Thought for 1 second"),
        (7.4, "Thought for 7 seconds"),
        (59.7, "Thought for 1 minute"),
        (125, "Thought for 2 minutes 5 seconds"),
    ],
)
def test_how_long_a_model_thought_is_said_in_words(seconds: float | None, words: str) -> None:
    assert thought_for(seconds) == words
