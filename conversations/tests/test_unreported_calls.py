"""A call whose provider reported nothing is counted here, as its model counts where that is known."""

from __future__ import annotations

import pytest

from bench.kit.token_texts import recorded, texts
from conversations.estimates import estimate
from providers.types import ChatMessage, ChatRequest, Provider, Role, TextPart

KINDS = ("Tamil", "German", "Python")


@pytest.mark.parametrize(("model", "encoding"), [("gpt-4-turbo", "cl100k"), ("gpt-5.4-mini", "o200k")])
@pytest.mark.parametrize("kind", KINDS)
def test_input_and_output_are_what_openai_would_have_reported_for_the_texts(model: str, encoding: str, kind: str) -> None:
    text, truth = texts()[kind], recorded()[kind][encoding]
    request = ChatRequest(Provider.OPENAI, model, (ChatMessage(Role.USER, (TextPart(text),)),), max_output_tokens=100, system=text)
    found = estimate(request, None, text, text)
    assert (found.fresh_input, found.output, found.reasoning) == (2 * truth, 2 * truth, truth)
