"""The cast: an owner and a stranger, each with a workspace on a plan, and the scripted model to talk to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.types import Actor
from conversations.models import Conversation, ImportJob, Message, MessageRole
from conversations.services.run_import import run_import
from conversations.services.send_message import send_message
from conversations.services.start_import import imports_folder, start_import
from conversations.types import Turn
from core.ids import uuid7
from providers.selectors.catalogue import forget_catalogue
from tests.catalogue import shipped_catalogue
from usage.services import ensure_plans

SCRIPTED = "scripted:scripted"


def make_actor(email: str) -> Actor:
    user = User.objects.create_user(email)
    return Actor(user.id, user.personal_workspace.id)


@pytest.fixture(autouse=True)
def _catalogue(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests with a database find the models and plans of a first start; the scripted model does not dawdle."""
    monkeypatch.setenv("SCRIPTED_DELAY_MS", "0")
    forget_catalogue()
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("transactional_db" if _transactional(request) else "db")
        shipped_catalogue()
        ensure_plans()


def _transactional(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture
def owner() -> Actor:
    return make_actor("owner@example.com")


@pytest.fixture
def stranger() -> Actor:
    return make_actor("stranger@example.com")


@pytest.fixture
def send(owner: Actor) -> Callable[..., Turn]:
    def _send(text: str = "Hello", conversation_id: UUID | None = None, client_key: UUID | None = None, actor: Actor | None = None) -> Turn:
        return send_message(
            actor or owner, text=text, client_key=client_key or uuid7(), model_key=SCRIPTED, conversation_id=conversation_id
        )

    return _send


class Grown:
    """A conversation drawn as an outline: each text once, what stands deeper hangs below it; the last leaf is shown."""

    def __init__(self, owner: Actor, outline: str) -> None:
        self.conversation = Conversation.objects.create(workspace_id=owner.workspace_id, owner_id=owner.user_id, title="Grown")
        self._messages: dict[str, Message] = {}
        above: list[tuple[int, str]] = []
        for line in filter(str.strip, outline.splitlines()):
            depth, text = len(line) - len(line.lstrip()), line.strip()
            above = [step for step in above if step[0] < depth]
            self.add(text, below=above[-1][1] if above else None)
            above.append((depth, text))
        Conversation.objects.filter(id=self.conversation.id).update(active_leaf=self[text])

    def add(self, text: str, *, below: str | None) -> Message:
        parent = self[below] if below else None
        role = MessageRole.ASSISTANT if parent and parent.role == MessageRole.USER else MessageRole.USER
        self._messages[text] = Message.objects.create(
            conversation=self.conversation, workspace_id=self.conversation.workspace_id, parent=parent, role=role, text=text
        )
        return self._messages[text]

    def delete(self, text: str) -> None:
        Message.objects.filter(id=self[text].id).update(deleted_at=timezone.now())

    def __getitem__(self, text: str) -> Message:
        return self._messages[text]


@pytest.fixture
def grow(owner: Actor) -> Callable[[str], Grown]:
    return lambda outline: Grown(owner, outline)


@pytest.fixture
def upload(owner: Actor, settings: Any, tmp_path: Path) -> Callable[..., ImportJob]:
    """An archive is brought: bytes, or conversations that become JSON."""
    settings.VAR_DIR = tmp_path

    def _upload(content: bytes | list[Any], actor: Actor | None = None, name: str = "export.zip") -> ImportJob:
        path = imports_folder() / f"{uuid7().hex}.part"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return start_import(actor or owner, path, name)

    return _upload


@pytest.fixture
def bring(upload: Callable[..., ImportJob]) -> Callable[..., ImportJob]:
    """An archive is brought, and its import runs to its end."""

    def _bring(*args: Any, **options: Any) -> ImportJob:
        job = upload(*args, **options)
        run_import(job.id)
        job.refresh_from_db()
        return job

    return _bring
