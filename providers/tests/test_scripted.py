"""The scripted model: the same question, the same answer, counted exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from providers import exceptions
from providers.tests.asking import answer, ask, text_of
from providers.tokens import count_tokens
from providers.types import ChatMessage, Finish, FinishReason, ReasoningDelta, Role, Usage

pytestmark = pytest.mark.usefixtures("engines")


async def test_it_says_that_it_is_not_a_model_and_echoes_some_words() -> None:
    text = text_of(await answer(ask("How tall is *the* <b>Eiffel</b> tower?")))
    assert "not a model" in text
    assert "How tall is the bEiffelb tower?" in text


async def test_the_same_question_gives_the_same_events() -> None:
    assert await answer(ask("Hi")) == await answer(ask("Hi"))


async def test_everything_shows_every_kind_of_markdown() -> None:
    text = text_of(await answer(ask("Show me everything")))
    for piece in ("## ", "1. ", "- [x]", "| :---", "```python", "> ", "**", "~~", "नमस्ते"):
        assert piece in text


async def test_usage_is_exact_and_comes_before_the_end() -> None:
    events = await answer(ask("[[think]] Hello there", system="Be brief."))
    *_, usage, finish = events
    assert isinstance(usage, Usage)
    assert finish == Finish(FinishReason.STOP)
    reasoning = "".join(event.text for event in events if isinstance(event, ReasoningDelta))
    assert usage.reasoning == count_tokens(reasoning) > 0
    assert usage.output == count_tokens(text_of(events)) + usage.reasoning
    assert usage.fresh_input == count_tokens("Be brief.") + count_tokens("[[think]] Hello there")


async def test_it_stops_at_the_output_limit() -> None:
    events = await answer(ask("[[long:500]]", most=50))
    assert count_tokens(text_of(events)) <= 50
    assert events[-1] == Finish(FinishReason.LENGTH)


async def test_a_long_answer_has_about_the_wanted_length() -> None:
    assert 1000 <= len(text_of(await answer(ask("[[long:1000]]"))).split()) < 1040


async def test_say_says_exactly_that() -> None:
    assert text_of(await answer(ask("[[say:# Title\\n\\n<script>alert(1)</script>]]"))) == "# Title\n\n<script>alert(1)</script>"


@pytest.mark.parametrize("question", ["Show me everything", "[[say:One two three.]] [[cut:2]]", "[[long:80]] [[break:overloaded:9]]"])
async def test_asked_to_go_on_it_gives_the_rest(question: str) -> None:
    whole = text_of(await answer(ask(question.split(" [[cut")[0].split(" [[break")[0])))
    for length in (3, 8, len(whole) - 1):
        turns = (ChatMessage.of(Role.USER, question), ChatMessage.of(Role.ASSISTANT, whole[:length]))
        request = replace(ask(""), messages=(*turns, ChatMessage.of(Role.USER, "Please go on exactly where it broke off.")))
        assert whole[:length] + text_of(await answer(request)) == whole


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("auth", exceptions.AuthenticationFailed),
        ("quota", exceptions.QuotaExhausted),
        ("bad_request", exceptions.BadRequest),
        ("context_too_long", exceptions.ContextTooLong),
        ("refused", exceptions.ContentRefused),
    ],
)
async def test_an_error_phrase_raises_its_error(code: str, error: type[exceptions.ProviderError]) -> None:
    with pytest.raises(error):
        await answer(ask(f"[[error:{code}]]"))


async def test_a_stream_can_be_cut_or_broken_after_some_words() -> None:
    with pytest.raises(exceptions.StreamCut, match="kept"):
        await answer(ask("[[cut:3]]"))
    with pytest.raises(exceptions.Overloaded):
        await answer(ask("[[break:overloaded:3]]"))
