"""`/c/<uuid>/export.json` and `/c/export.json`: everything, in order, in pieces, for its owner alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.types import Actor
from conversations.models import Conversation, Folder, Generation, Message
from conversations.selectors.export import FORMAT, VERSION, export_conversation, export_conversations
from conversations.services.finish_generation import Outcome, finish_generation
from conversations.services.regenerate import regenerate
from conversations.services.seed_demo import seed_demo
from conversations.states import GenerationState
from conversations.types import Turn
from usage.services import audit

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]


def answer(turn: Turn, text: str = "An **answer**.", reasoning: str = "") -> None:
    Generation.objects.filter(id=turn.generation_id).update(state="running")
    assert finish_generation(turn.generation_id, Outcome(state=GenerationState.COMPLETED, text=text, reasoning=reasoning))


def exported(actor: Actor, conversation: Conversation) -> dict[str, Any]:
    document = orjson.loads(b"".join(export_conversation(actor, conversation.id)[1]))
    assert (document["format"], document["version"]) == (FORMAT, VERSION)
    (found,) = document["conversations"]
    return dict(found)


def test_all_branches_and_the_shown_leaf_are_in_it(owner: Actor, send: Send) -> None:
    turn = send("Which one?")
    answer(turn, "The first.", reasoning="Hm.")
    second = regenerate(owner, turn.conversation_id, turn.assistant_message_id)
    answer(second, "The second.")
    conversation = Conversation.objects.get()

    found = exported(owner, conversation)

    question, first, other = found["messages"]
    assert (question["role"], question["parent"], question["text"]) == ("user", None, "Which one?")
    assert first["parent"] == other["parent"] == question["id"]
    assert (first["text"], first["reasoning"], other["text"]) == ("The first.", "Hm.", "The second.")
    assert first["model"] == {"key": "scripted:scripted", "name": Generation.objects.first().model_name}  # type: ignore[union-attr]
    assert first["status"] == "completed"
    assert found["shown_leaf"] == other["id"] == str(second.assistant_message_id)


def test_what_its_owner_set_is_in_it(owner: Actor, send: Send) -> None:
    send("Hello")
    now = timezone.now()
    folder = Folder.objects.create(workspace_id=owner.workspace_id, owner_id=owner.user_id, name="Work")
    Conversation.objects.update(title="A “title”", system_prompt="Be brief.", pinned_at=now, archived_at=now, folder=folder)

    found = exported(owner, Conversation.objects.get())

    assert (found["title"], found["system_prompt"], found["folder"]) == ("A “title”", "Be brief.", "Work")
    assert found["pinned_at"] == found["archived_at"] == now.isoformat(timespec="microseconds").replace("+00:00", "Z")


def test_figures_of_an_answer_are_exact(owner: Actor) -> None:
    seed_demo(owner, conversations=1, messages=2)
    generation = Generation.objects.get()

    usage = exported(owner, Conversation.objects.get())["messages"][1]["usage"]

    assert usage["cost_usd"] == f"{generation.cost:f}"
    assert (usage["input_tokens"], usage["output_tokens"]) == (generation.input_tokens, generation.output_tokens)


def test_deleted_branches_stay_out(owner: Actor, send: Send) -> None:
    turn = send("Hello")
    Message.objects.filter(id=turn.assistant_message_id).update(deleted_at=timezone.now())
    assert [message["id"] for message in exported(owner, Conversation.objects.get())["messages"]] == [str(turn.user_message_id)]


def test_a_long_conversation_is_read_in_pages_and_never_held_whole(owner: Actor) -> None:
    seed_demo(owner, conversations=1, messages=5000)
    conversation = Conversation.objects.get()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        pieces = list(export_conversation(owner, conversation.id)[1])

    assert len(orjson.loads(b"".join(pieces))["conversations"][0]["messages"]) == 5000
    assert max(map(len, pieces)) < 100_000
    assert len(queries) < 30


def test_everything_one_has_but_what_is_temporary_or_deleted(owner: Actor, stranger: Actor, send: Send) -> None:
    seed_demo(owner, conversations=4, messages=4)
    seed_demo(stranger, conversations=1, messages=2)
    gone, passing, *kept = Conversation.objects.filter(owner_id=owner.user_id).order_by("id")
    Conversation.objects.filter(id=gone.id).update(deleted_at=timezone.now())
    Conversation.objects.filter(id=passing.id).update(expires_at=timezone.now())

    document = orjson.loads(b"".join(export_conversations(owner)))

    assert [found["id"] for found in document["conversations"]] == [str(conversation.id) for conversation in kept]
    assert audit() == []


def test_with_nothing_it_is_still_a_document(owner: Actor) -> None:
    assert orjson.loads(b"".join(export_conversations(owner)))["conversations"] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous")  # a plain client reads it
@pytest.mark.parametrize(
    ("title", "file_name"),
    [
        ("A plan, in 3 steps", 'filename="a-plan-in-3-steps.json"'),
        ("../../etc/passwd\r\nX-Evil: 1", 'filename="etcpasswd-x-evil-1.json"'),
        ("日本語", "filename*=utf-8''%E6%97%A5%E6%9C%AC%E8%AA%9E.json"),
        ("…", 'filename="conversation.json"'),
    ],
)
def test_the_file_has_a_name_that_is_safe_everywhere(owner: Actor, send: Send, title: str, file_name: str) -> None:
    conversation_id = send("Hello").conversation_id
    Conversation.objects.update(title=title)
    client = Client()
    client.force_login(User.objects.get(id=owner.user_id))

    response = client.get(reverse("conversations:export_json", args=[conversation_id]), headers={"Accept-Encoding": "gzip"})

    assert response["Content-Disposition"] == f"attachment; {file_name}"
    assert response["Cache-Control"] == "no-store"
    assert orjson.loads(b"".join(response))["conversations"][0]["title"] == title
    assert orjson.loads(b"".join(client.get("/c/export.json")))["conversations"][0]["title"] == title
