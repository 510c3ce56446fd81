"""A conversation to take away: as Markdown, and as one page with everything for paper."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.types import Actor
from conversations.models import Conversation, Message
from conversations.services.send_message import send_message
from conversations.tests.conftest import SCRIPTED
from conversations.tests.test_pages import answer, sign_in
from conversations.types import Turn
from core.ids import uuid7

pytestmark = [pytest.mark.django_db(transaction=True)]
Send = Callable[..., Turn]
NOON = datetime(2026, 11, 3, 12, 5, tzinfo=UTC)


def download(client: Client, path: str) -> str:
    response = client.get(path)
    assert response["Content-Encoding"] == "identity"
    return "".join(asyncio.run(pieces_of(response)))


async def pieces_of(response: Any) -> list[str]:
    return [piece.decode() async for piece in response]


@pytest.fixture
def turn(send: Send) -> Turn:
    turn = send("What is *this*?")
    answer(turn, "# Loud\n\n```python\nprint(1)\n```")
    Conversation.objects.update(title="Things & more", system_prompt="Be brief.")
    Message.objects.filter(role="assistant").update(reasoning="a thought\n\n# with marks")
    return turn


def test_the_markdown_is_what_was_said_under_headings_that_say_who(owner: Actor, turn: Turn) -> None:
    Message.objects.update(created_at=NOON)
    User.objects.update(time_zone="Pacific/Auckland")
    text = download(sign_in(owner), f"/c/{turn.conversation_id}/export.md")
    assert text.startswith("# Things \\& more\n\n*AI Chat Platform · 2 messages · exported ")
    assert "\n## You · 4 November 2026, 01:05\n\nWhat is *this*?\n" in text
    assert text.endswith(" · 4 November 2026, 01:05\n\n# Loud\n\n```python\nprint(1)\n```\n")
    assert "a thought" not in text
    assert "Be brief." not in text


def test_reasoning_and_system_prompt_come_when_asked_for(owner: Actor, turn: Turn) -> None:
    text = download(sign_in(owner), f"/c/{turn.conversation_id}/export.md?reasoning=1&system_prompt=1")
    assert "\n> **Reasoning**\n>\n> a thought\n>\n> # with marks\n" in text
    assert "\n## System prompt\n\nBe brief.\n" in text


def test_only_finished_answers_of_the_shown_branch_and_it_says_so(owner: Actor, turn: Turn) -> None:
    send_message(owner, text="More", client_key=uuid7(), model_key=SCRIPTED, conversation_id=turn.conversation_id)
    text = download(sign_in(owner), f"/c/{turn.conversation_id}/export.md")
    assert text.count("\n## ") == 3
    assert text.endswith("*An answer was still being written and is not in here.*\n")
    assert "an answer was still being written" in download(sign_in(owner), f"/c/{turn.conversation_id}/print/")


def test_a_long_conversation_comes_whole_and_in_pieces(owner: Actor) -> None:
    from conversations.tests.test_shared_page import chain

    conversation = chain(owner, 5001)
    response = sign_in(owner).get(f"/c/{conversation.id}/export.md")
    pieces = asyncio.run(pieces_of(response))
    assert re.findall(r"message \d+", "".join(pieces)) == [f"message {n}" for n in range(5001)]
    assert len(pieces) == 1 + 101 + 1
    assert max(map(len, pieces)) < 5_000
    page = download(sign_in(owner), f"/c/{conversation.id}/print/")
    assert page.count('role="article"') == 5001
    assert page.rstrip().endswith("</html>")


def test_the_printed_page_tells_times_as_its_reader_does(owner: Actor, turn: Turn) -> None:
    """The answer too, which is written when the request is over."""
    Message.objects.update(created_at=NOON)
    for language, written in (("en-gb", "4 Nov 2026, 01:05"), ("", "Nov. 4, 2026, 1:05 a.m.")):
        User.objects.update(time_zone="Pacific/Auckland", language=language)
        assert download(sign_in(owner), f"/c/{turn.conversation_id}/print/").count(f">{written}</time>") == 1


def test_the_printed_page_has_no_buttons_of_the_chat_and_folds_nothing(owner: Actor, turn: Turn) -> None:
    page = download(sign_in(owner), f"/c/{turn.conversation_id}/print/?reasoning=1")
    assert "Things &amp; more" in page
    assert '<details class="reasoning" open>' in page
    assert "regenerate" not in page
    assert "a thought" not in download(sign_in(owner), f"/c/{turn.conversation_id}/print/")


def test_the_file_is_named_after_the_title(owner: Actor, turn: Turn) -> None:
    Conversation.objects.update(title='Größe “7”: ../../etc\r\nSet-Cookie: a="b"')
    header = sign_in(owner).get(f"/c/{turn.conversation_id}/export.md")["Content-Disposition"]
    assert header == "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe%20%E2%80%9C7%E2%80%9D%20etc%20Set-Cookie%20a%3D%20b.md"
