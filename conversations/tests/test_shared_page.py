"""`/s/<token>/`: what anybody may read, and nothing beside it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.types import Actor
from conversations.models import Conversation, Generation, Message, Share
from conversations.reading_types import ShareOptions
from conversations.services.delete_conversation import delete_conversation
from conversations.services.revoke_share import revoke_share
from conversations.services.share_conversation import share_conversation
from conversations.tests.test_pages import answer, sign_in
from conversations.types import Turn
from core.ids import uuid7

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ secret }}'


@pytest.fixture
def turn(send: Send) -> Turn:
    turn = send("What is this?")
    answer(turn, "```python\nprint(1)\n```")
    Conversation.objects.update(title="Shared things")
    return turn


def make(actor: Actor, conversation_id: UUID, **options: Any) -> Share:
    return share_conversation(actor, conversation_id, ShareOptions(**options), uuid7())


def read(share: Share, client: Client | None = None, **query: str) -> str:
    response = (client or Client()).get(f"/s/{share.token}/", query)
    assert response.status_code == 200
    return response.content.decode()


def chain(actor: Actor, count: int, text: Callable[[int], str] = lambda n: f"message {n}") -> Conversation:
    """A conversation of so many messages, one below the other."""
    conversation = Conversation.objects.create(owner_id=actor.user_id, workspace_id=actor.workspace_id, title="Long")
    above = None
    rows = []
    for n in range(count):
        row = Message(
            conversation=conversation,
            workspace_id=actor.workspace_id,
            parent=above,
            role="assistant" if n % 2 else "user",
            text=text(n),
            text_bytes=len(text(n).encode()),
        )
        rows.append(row)
        above = row
    Message.objects.bulk_create(rows)
    Conversation.objects.filter(id=conversation.id).update(active_leaf=above)
    return conversation


def test_it_is_read_without_an_account_and_found_by_no_search_engine(owner: Actor, turn: Turn) -> None:
    response = Client().get(f"/s/{make(owner, turn.conversation_id).token}/")
    page = response.content.decode()
    assert '<h1 dir="auto">Shared things</h1>' in page
    assert page.count('role="article"') == 2
    assert "What is this?" in page
    assert "data-copy-code" in page
    assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in page
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "private, no-store"
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert "Set-Cookie" not in response


def test_nothing_private_is_in_the_page(owner: Actor, send: Send) -> None:
    """Every value that belongs to the owner, the conversation or its making is looked for in the whole response."""
    User.objects.filter(id=owner.user_id).update(name="Ada Private", custom_instructions="my own instructions")
    turn = send("What is this?")
    answer(turn, "An answer.")
    Conversation.objects.update(system_prompt="a secret prompt", title="Public title", import_key="chatgpt:key")
    Message.objects.filter(role="assistant").update(reasoning="a private thought")
    Generation.objects.update(input_tokens=987_654, output_tokens=876_543, cost="0.765432", error_message="an internal cause")
    share = make(owner, turn.conversation_id)
    user = User.objects.get(id=owner.user_id)
    generation = Generation.objects.get()
    private = [
        user.name, "Ada", user.email, "owner@", "my own instructions", "a secret prompt", "a private thought", "an internal cause",
        "chatgpt:key", "987,654", "987654", "876,543", "876543", "0.765432", "0.77", generation.model_key,
        *(str(value) for value in (user.id, owner.workspace_id, turn.conversation_id, turn.user_message_id, turn.assistant_message_id)),
        *(str(value) for value in (generation.id, share.id, share.client_key)),
    ]  # fmt: skip
    for client in (Client(), sign_in(owner)):
        response = client.get(f"/s/{share.token}/")
        whole = html.unescape(response.content.decode()) + str(response.headers)
        for value in private:
            for form in {value, value.replace("-", "")}:
                assert form not in whole, form
    assert "csrf" not in whole.lower()
    assert re.findall(r'<meta property="og:[^>]+>', whole) == [
        '<meta property="og:title" content="Public title">',
        '<meta property="og:type" content="article">',
        '<meta property="og:site_name" content="AI Chat Platform">',
    ]


def test_what_was_chosen_is_shown(owner: Actor, turn: Turn) -> None:
    User.objects.filter(id=owner.user_id).update(name="Ada <Owner>")
    Conversation.objects.update(system_prompt="Be <brief>.")
    Message.objects.filter(role="assistant").update(reasoning="a <thought>")
    Generation.objects.update(reasoning_seconds=7)
    page = read(make(owner, turn.conversation_id, name=True, reasoning=True, system_prompt=True))
    for shown in ("Ada &lt;Owner&gt;", "Be &lt;brief&gt;.", "a &lt;thought&gt;", "Thought for 7 seconds"):
        assert shown in page


def test_hostile_texts_stay_texts(owner: Actor, send: Send) -> None:
    turn = send(HOSTILE)
    answer(turn, HOSTILE)
    User.objects.filter(id=owner.user_id).update(name=HOSTILE)
    Conversation.objects.update(title=HOSTILE, system_prompt=HOSTILE)
    Message.objects.filter(role="assistant").update(reasoning=HOSTILE)
    Generation.objects.update(model_name=HOSTILE)
    share = make(owner, turn.conversation_id, name=True, reasoning=True, system_prompt=True)
    pages = [read(share), sign_in(owner).get(f"/c/{turn.conversation_id}/share/").content.decode()]
    pages += [
        sign_in(owner).get("/settings/shared-links/").content.decode(),
        sign_in(owner).get(f"/s/{share.token}/copy/").content.decode(),
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "alert(1)" in page


@pytest.mark.parametrize("why", ["unknown", "malformed", "null", "revoked", "expired", "deleted", "no such page"])
def test_whatever_the_reason_the_page_is_the_same(owner: Actor, turn: Turn, why: str) -> None:
    share = make(owner, turn.conversation_id)
    path = {"unknown": f"/s/{'A' * 32}/", "malformed": "/s/x'--/", "null": "/s/" + "A" * 20 + "%00/"}.get(why, f"/s/{share.token}/")
    if why == "revoked":
        revoke_share(owner, share.id)
    elif why == "expired":
        Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif why == "deleted":
        delete_conversation(owner, turn.conversation_id)
    elif why == "no such page":
        path += "?page=2"
    response = Client().get(path)
    assert response.status_code == 404
    assert without_reference(response.content) == without_reference(Client().get("/no/such/page/").content)


def without_reference(page: bytes) -> bytes:
    return re.sub(rb"Reference <code>[^<]*", b"", page)


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e3", "٣", "99999999999999999999", ""])
def test_a_page_that_makes_no_sense_is_not_there(owner: Actor, turn: Turn, number: str) -> None:
    assert Client().get(f"/s/{make(owner, turn.conversation_id).token}/", {"page": number}).status_code == 404


def test_a_long_one_comes_page_by_page_each_message_once_in_order(owner: Actor, django_assert_max_num_queries: Any) -> None:
    share = make(owner, chain(owner, 230).id)
    found: list[str] = []
    for number in range(1, 6):
        with django_assert_max_num_queries(2):
            page = read(share, page=str(number))
        found += re.findall(r"message \d+", page)
    assert found == [f"message {n}" for n in range(230)]
    assert "Page 1 of 5" in read(share)
    assert 'rel="next" href="?page=2"' in read(share)
    assert Client().get(f"/s/{share.token}/", {"page": "6"}).status_code == 404


def test_large_messages_make_smaller_pages(owner: Actor) -> None:
    share = make(owner, chain(owner, 10, lambda n: f"{n}" * 150_000).id)
    assert share.page_starts == [0, 2, 4, 6, 8]


def test_only_reading_is_possible(owner: Actor, turn: Turn) -> None:
    path = f"/s/{make(owner, turn.conversation_id).token}/"
    for method in ("post", "put", "delete", "patch"):
        assert getattr(Client(), method)(path).status_code == 405
    assert Client().head(path).status_code == 200
