"""What is somebody else's does not exist: every address of the product, with real ids, asked by a stranger and by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import DataExport, DeviceSession, SecurityEvent, User
from accounts.types import Actor
from conversations.models import Conversation, Folder, ImportJob, Share
from conversations.reading_types import ShareOptions
from conversations.services.delete_conversation import delete_conversation
from conversations.services.share_conversation import share_conversation
from conversations.types import Turn
from core.ids import uuid7
from core.sessions import session_mark
from tests.road import house as thread

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("road"),
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous"),  # the export, read by a plain client
]
OURS = ("accounts", "conversations", "providers", "usage")
# Doors for everybody (a shared conversation: conversations/tests/test_shared_page.py), an undo that names no row (a word kept for its
# owner alone: any other gets a refusal, conversations/tests/test_change_many.py), signed links at the foot of mails
# (notifications/tests/test_choices.py), and rooms of libraries with guards of their own.
OPEN = ("landing", "diagram-frame", "manifest", "healthz", "readyz", "metrics", "shared", "copy", "undo", "stop-mails", "stop-mails-undo")
FOREIGN = ("accounts/", "admin/")
KNOWN = {"conversation_id", "message_id", "share_id", "job_id", "folder_id", "device_id", "export_id", "digest"}
SECRET = "the owner's secret words"
HTMX = {"HX-Request": "true"}


def addresses(resolver: URLResolver | None = None, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every named address of ours with the names of its arguments."""
    for pattern in (resolver or get_resolver()).url_patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if not where.startswith(FOREIGN):
                yield from addresses(pattern, where, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern) and pattern.name not in OPEN:
            yield f"{namespace}{pattern.name}", set(pattern.pattern.converters)


def fingerprint() -> dict[str, str]:
    """Every row of every table of ours; but not the trail, which says that somebody took along what is theirs."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in OURS and model is not SecurityEvent:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"SELECT coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') FROM {table} row")
                found[model._meta.db_table] = cursor.fetchone()[0]
    return found


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(id=actor.user_id))
    return client


def fields(turn: Turn) -> dict[str, Any]:
    """What a page would send, with the ids of a foreign one."""
    ids = {"parent": str(turn.assistant_message_id), "before": str(turn.assistant_message_id), "current": str(turn.conversation_id)}
    return ids | {"text": "hello", "title": "mine now", "name": "mine now", "client_key": str(uuid7()), "model": thread.SCRIPTED}


def paths(turn: Turn, mine: Turn) -> Iterator[tuple[str, bool]]:
    """Addresses with the ids of `turn`; where two ids meet also with one of `mine` in its place. True: it names a thing."""
    for name, arguments in addresses():
        assert arguments <= KNOWN, f"{name}: say here what {arguments} are"
        pairs: list[tuple[UUID, UUID]] = [(turn.conversation_id, turn.assistant_message_id)]
        if "message_id" in arguments:
            pairs += [(turn.conversation_id, mine.assistant_message_id), (mine.conversation_id, turn.assistant_message_id)]
            pairs += [(turn.conversation_id, turn.user_message_id)]
        for conversation, message in pairs:
            given: dict[str, Any] = {
                "conversation_id": conversation,
                "message_id": message,
                "share_id": share_of(turn),
                "job_id": import_of(turn),
            }
            given |= {
                "folder_id": folder_of(turn),
                "device_id": device_of(turn),
                "export_id": export_of(turn),
                "digest": "0123456789abcdef",
            }
            yield reverse(name, kwargs={argument: given[argument] for argument in arguments}), bool(arguments)


def share_of(turn: Turn) -> UUID:
    return Share.objects.get(conversation_id=turn.conversation_id).id


def import_of(turn: Turn) -> UUID:
    return ImportJob.objects.get(owner__in=Conversation.objects.filter(id=turn.conversation_id).values("owner")).id


def folder_of(turn: Turn) -> UUID:
    return Folder.objects.get(owner__in=Conversation.objects.filter(id=turn.conversation_id).values("owner")).id


def device_of(turn: Turn) -> UUID:
    return session_mark(
        DeviceSession.objects.get(user__in=Conversation.objects.filter(id=turn.conversation_id).values("owner")).session_key
    )


def export_of(turn: Turn) -> UUID:
    return DataExport.objects.get(user__in=Conversation.objects.filter(id=turn.conversation_id).values("owner")).id


@pytest.fixture(params=["running", "ended", "deleted"])
def turn(request: pytest.FixtureRequest) -> Turn:
    """A turn of somebody else."""
    owner = thread.someone()
    if request.param == "running":
        return with_a_link(owner, thread.send(owner, SECRET))
    answered = with_a_link(owner, thread.answer(SECRET, actor=owner).turn)
    if request.param == "deleted":
        delete_conversation(owner, answered.conversation_id)
    return answered


def with_a_link(owner: Actor, turn: Turn) -> Turn:
    """And with an import that waits, an export, a folder and a browser that is signed in."""
    signed_in(owner)
    Folder.objects.create(owner_id=owner.user_id, workspace_id=owner.workspace_id, name=SECRET)
    DataExport.objects.create(user_id=owner.user_id)
    ImportJob.objects.create(owner_id=owner.user_id, workspace_id=owner.workspace_id, file_name=SECRET)
    share_conversation(owner, turn.conversation_id, ShareOptions(), uuid7())
    return turn


@pytest.mark.parametrize("extra", [{}, HTMX], ids=["page", "htmx"])
def test_a_stranger_finds_nothing_and_changes_nothing(turn: Turn, extra: dict[str, str]) -> None:
    me = thread.someone()
    mine = thread.answer("mine", actor=me).turn
    client = signed_in(me)
    before = fingerprint()
    tried = 0
    for path, names_a_thing in paths(turn, mine):
        for method in (client.get, client.post, client.head, client.put, client.delete) if names_a_thing else (client.get,):
            response = method(path, fields(turn), headers=extra)
            assert response.status_code in ((404, 405) if names_a_thing else (200, 405)), (method, path)
            assert SECRET not in b"".join(response).decode()
            tried += 1
    # Into one's own conversation, below somebody else's message.
    into = reverse("conversations:detail", args=[mine.conversation_id])
    assert client.post(into, fields(turn), headers=extra).status_code == 404
    assert fingerprint() == before
    assert tried > 100


@pytest.mark.parametrize("extra", [{}, HTMX], ids=["page", "htmx"])
def test_nobody_is_led_to_the_sign_in_page_and_changes_nothing(turn: Turn, extra: dict[str, str]) -> None:
    before = fingerprint()
    for path, _ in paths(turn, turn):
        for method in (Client().get, Client().post):
            response = method(path, fields(turn), headers=extra)
            assert response.status_code in (302, 401, 405), (method, path)
            sign_in = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
            assert response.status_code == 405 or sign_in.startswith("/accounts/login/"), path
            assert SECRET not in response.content.decode()
    assert fingerprint() == before
