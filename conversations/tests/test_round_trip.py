"""Export, then import: the same tree, whatever it looked like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.types import Actor
from conversations.archives.source import open_source
from conversations.archives.survey import entries, survey
from conversations.making import Making, read_making
from conversations.models import Conversation, Folder, Generation, ImportJob, Message
from conversations.selectors.export import export_conversation, export_conversations
from conversations.selectors.messages import open_conversation
from conversations.services.run_import import run_import
from conversations.services.start_import import imports_folder, start_import
from conversations.tests.conftest import make_actor
from conversations.types import Turn
from core.ids import uuid7

pytestmark = pytest.mark.django_db
Send = Callable[..., Turn]
Node = tuple[int, str, str, str, int, Making]
START = datetime(2020, 1, 1, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
TITLES = st.text(st.characters(categories=["L", "N", "S"]), min_size=1, max_size=30)
MAKINGS = st.builds(
    Making,
    status=st.sampled_from(["completed", "stopped", "failed", "interrupted"]),
    finish_reason=st.sampled_from(["", "length", "refusal"]),
    error_code=st.sampled_from(["", "overloaded"]),
    error_message=st.just("Try again."),
    reasoning_seconds=st.none() | st.floats(0, 600),
)
NODES = st.tuples(st.integers(0, 10**6), st.sampled_from(["user", "assistant"]), TEXTS, TEXTS, st.integers(0, 2 * 10**14), MAKINGS)
TREES = st.lists(NODES, min_size=1, max_size=25)


def planted(actor: Actor, tree: list[Node], title: str, shown: int) -> Conversation:
    """A conversation with this tree: each message below an earlier one, or the beginning of another branch."""
    folder = Folder.objects.get_or_create(owner_id=actor.user_id, workspace_id=actor.workspace_id, name="Place")[0]
    conversation = Conversation.objects.create(
        owner_id=actor.user_id,
        workspace_id=actor.workspace_id,
        title=title,
        system_prompt="Be\nbrief.",
        model_key="a:b",
        folder=folder,
        pinned_at=START,
        created_at=START,
        last_activity_at=START + timedelta(days=3, microseconds=7),
    )
    rows: list[Message] = []
    for place, role, text, reasoning, microseconds, making in tree:
        above = place % (len(rows) + 1) - 1
        rows.append(
            Message(
                conversation=conversation,
                workspace_id=actor.workspace_id,
                parent=rows[above] if above >= 0 else None,
                role=role,
                text=text,
                reasoning=reasoning,
                answered_by="Some model" if role == "assistant" else "",
                making=making.stored() if role == "assistant" else None,
                left_at_leaf=rows[above] if above >= 0 else None,
                created_at=START + timedelta(microseconds=microseconds),
            )
        )
    Message.objects.bulk_create(rows)
    conversation.active_leaf = rows[shown % len(rows)]
    conversation.save()
    return conversation


def picture(conversation: Conversation) -> dict[str, Any]:
    """Everything of it that people see, without identifiers."""
    rows = list(Message.objects.filter(conversation=conversation).order_by("id"))
    places: dict[UUID | None, int] = {row.id: place for place, row in enumerate(rows)}
    return {
        "about": [
            getattr(conversation, name) for name in ("title", "system_prompt", "model_key", "created_at", "last_activity_at", "pinned_at")
        ],
        "folder": conversation.folder and conversation.folder.name,
        "shown": places[conversation.active_leaf_id] if conversation.active_leaf_id else None,
        "left_at": [places.get(row.left_at_leaf_id) for row in rows],
        "tree": [
            (row.role, row.text, row.reasoning, row.answered_by, row.making, row.created_at, places.get(row.parent_id)) for row in rows
        ],
    }


def bring(actor: Actor, document: bytes) -> None:
    path = imports_folder() / f"{uuid7().hex}.part"
    path.write_bytes(document)
    run_import(start_import(actor, path, "export.json").id)


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=TREES, title=TITLES, shown=st.integers(0, 10**6))
def test_the_tree_comes_back_as_it_was(owner: Actor, stranger: Actor, tree: list[Node], title: str, shown: int) -> None:
    ImportJob.objects.all().delete()
    Conversation.objects.all().delete()
    conversation = planted(owner, tree, title, shown)
    before = picture(conversation)

    bring(stranger, b"".join(export_conversation(owner, conversation.id)[1]))

    assert picture(Conversation.objects.get(owner_id=stranger.user_id)) == before


def test_everything_one_has_goes_to_another_account_and_again_to_the_next(owner: Actor, stranger: Actor) -> None:
    for number in range(12):
        planted(
            owner,
            [
                (number, "user", f"{number}", "", number, Making()),
                (1, "assistant", "a", "r", 5, Making("stopped", reasoning_seconds=7.5)),
                (1, "assistant", "b", "", 6, Making()),
            ],
            f"T{number}",
            1,
        )
    bring(stranger, b"".join(export_conversations(owner)))
    third = make_actor("third@example.com")
    bring(third, b"".join(export_conversations(stranger)))

    pictures = [
        [picture(row) for row in Conversation.objects.filter(owner_id=who.user_id).order_by("id")] for who in (owner, stranger, third)
    ]
    assert pictures[0] == pictures[1] == pictures[2]
    assert len(pictures[0]) == 12


def test_in_the_same_account_one_conversation_comes_as_a_copy_and_a_backup_restores_only_what_is_gone(owner: Actor) -> None:
    first, second = (planted(owner, [(0, "user", text, "", 1, Making())], text, 0) for text in ("one", "two"))
    bring(owner, b"".join(export_conversation(owner, first.id)[1]))
    assert Conversation.objects.filter(title="one").count() == 2
    backup = b"".join(export_conversations(owner))
    second.delete()
    bring(owner, backup)
    assert sorted(Conversation.objects.values_list("title", flat=True)) == ["one", "one", "two"]


@pytest.mark.parametrize("state", ["completed", "stopped", "failed", "interrupted", "running"])
def test_how_an_answer_ended_comes_along_and_what_it_cost_does_not(owner: Actor, stranger: Actor, send: Send, state: str) -> None:
    turn = send("Why?")
    Generation.objects.update(state=state, finish_reason="length", input_tokens=5, output_tokens=7, cost="0.5", reasoning_seconds=7.25)
    if state == "failed":
        Generation.objects.update(error_code="overloaded", error_message="The provider is overloaded.")
    Message.objects.filter(role="assistant").update(text="So far", reasoning="Hm.")
    mine = open_conversation(owner, turn.conversation_id).messages[1]

    bring(stranger, b"".join(export_conversation(owner, turn.conversation_id)[1]))

    theirs = open_conversation(stranger, Conversation.objects.get(owner_id=stranger.user_id).id).messages[1]
    assert theirs.status == {"running": "interrupted"}.get(state, state)
    assert (theirs.finish_reason, theirs.reasoning_seconds, theirs.text, theirs.reasoning) == ("length", 7.25, "So far", "Hm.")
    assert (theirs.error_code, theirs.error_message) == (mine.error_code, mine.error_message)
    assert (theirs.model_name, theirs.can_continue) == (mine.model_name, True)
    assert (theirs.cost, theirs.output_tokens) == (None, None)
    assert not Generation.objects.filter(workspace_id=stranger.workspace_id).exists()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"status": "elsewhere", "finish_reason": 5, "error": "no", "reasoning_seconds": "7"}, Making()),
        ({"status": ["stopped"], "error": {"code": "<b>", "message": "x"}, "reasoning_seconds": float("nan")}, Making()),
        ({"status": "failed", "error": {"code": "a", "message": "\x00\ud800b" * 9000}}, Making("failed", "", "a", "?b" * 1000)),
        ({"status": "queued", "reasoning_seconds": -1}, Making("interrupted")),
    ],
)
def test_what_makes_no_sense_in_a_document_is_as_if_it_were_not_there(written: dict[str, Any], read: Making) -> None:
    assert read_making(written) == read


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            ["id", "title", "messages", "shown_leaf", "mapping", "current_node", "chat_messages", "uuid", "create_time", "folder"]
        ),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["id", "parent", "children", "message", "author", "role", "content", "parts", "metadata", "sender", "text"]
                    ),
                    inner,
                    max_size=5,
                )
            ),
            max_leaves=15,
        ),
    )
)
def test_odd_shapes_never_raise(tmp_path: Path, values: dict[str, Any]) -> None:
    anchor = {"mapping": {"a": {"message": {"author": {"role": "user"}, "content": {"parts": ["Hi"]}}}}}
    path = tmp_path / "odd.json"
    path.write_bytes(orjson.dumps([anchor, values]))
    with open_source(path) as source:
        survey(source)
        found = list(entries(source, 0))
    assert len(found) == 2
    assert found[0].conversation is not None
