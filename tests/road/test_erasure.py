"""Who is erased leaves nothing: conversations, links, files, live text and mails, while answers are still being written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import send_mail
from django.utils import timezone

from accounts.models import User
from accounts.services.ask_for_export import ask_for_export
from accounts.services.close_account import close_account
from accounts.services.erase_people import erase_due_people
from accounts.services.run_export import run_export
from conversations.models import AnswerSignal, Conversation, Feedback, Folder, Generation, ImportJob, Message, Share
from conversations.reading_types import ShareOptions
from conversations.selectors.shares import readable_shares
from conversations.services.continue_share import continue_share
from conversations.services.rate_answer import rate_answer
from conversations.services.share_conversation import share_conversation
from conversations.services.start_import import imports_folder
from core.ids import uuid7
from core.redis import get_redis
from notifications.services import send_due
from tests.road import house
from tests.road.traces import traces
from usage.models import LedgerEntry
from usage.services import audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("road")]
WORD = "unmistakable"
WORDS = "shared words [[say:shared answer]]"


def files_with(folder: Path, *words: str) -> list[str]:
    texts = {path: path.read_bytes().decode("utf-8", "replace").lower() for path in folder.rglob("*") if path.is_file()}
    return [path.name for path, text in texts.items() if any(word in text or word in path.name for word in words)]


def redis_keys_with(*words: str) -> list[str]:
    server, found = get_redis(), []
    for key in server.scan_iter():
        value = server.get(key) if server.type(key) == b"string" else b""
        if any(word.encode() in key.lower() + (value or b"").lower() for word in words):
            found.append(key.decode("utf-8", "replace"))
    return found


@pytest.fixture
def places(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "core.mail_files.EmailBackend", str(tmp_path / "mail")
    return tmp_path


def test_nothing_of_them_is_left_and_the_ledger_adds_up_as_before(places: Path) -> None:
    me, other = house.someone(), house.someone()
    email = User.objects.get(id=me.user_id).email
    User.objects.filter(id=me.user_id).update(name=f"{WORD} name", custom_instructions=f"{WORD} instructions")
    answered = house.answer(f"{WORD} question [[say:{WORD} answer]]", actor=me)
    rate_answer(me, answered.turn.conversation_id, answered.turn.assistant_message_id, "bad")
    Feedback.objects.filter(user_id=me.user_id).update(comment=f"{WORD} comment")
    shared = share_conversation(me, answered.turn.conversation_id, ShareOptions(name=True), uuid7())
    Folder.objects.create(owner_id=me.user_id, workspace_id=me.workspace_id, name=f"{WORD} folder")
    (imports_folder() / "upload").write_text(WORD)
    ImportJob.objects.create(owner_id=me.user_id, workspace_id=me.workspace_id, file_name=f"{WORD}.zip", path="imports/upload")
    export = ask_for_export(me.user_id)
    run_export(export.id)
    close_account(User.objects.get(id=me.user_id))
    send_due()
    send_mail("to somebody else", f"{WORD} words", None, [User.objects.get(id=other.user_id).email])
    running = house.send(me, f"{WORD} second question")  # sent before the door closed, and still waiting
    spent = LedgerEntry.objects.filter(workspace_id=me.workspace_id).count()
    assert spent
    assert not readable_shares().filter(id=shared.id).exists(), "links of a closed account show nothing"
    assert len(traces(WORD, email)) > 5
    assert len(files_with(places, WORD, email)) > 2

    later = timezone.now() + timedelta(days=15)
    assert erase_due_people(now=later) == 0, "an answer is stopped and settled first"
    assert erase_due_people(now=later) == 1

    assert traces(WORD, email) == []
    assert redis_keys_with(WORD, email) == []
    [left] = files_with(places, WORD, email)
    assert "to somebody else" in (places / "mail" / left).read_text(), "mail of others is not theirs"
    assert not Generation.objects.filter(id=running.generation_id).exists()
    assert not Conversation.objects.filter(owner_id=me.user_id).exists()
    assert not Share.objects.exists()
    assert not AnswerSignal.objects.filter(user_id=me.user_id).exists()
    assert LedgerEntry.objects.filter(workspace_id=me.workspace_id).count() >= spent, "spend outlives its person"
    assert audit() == []


def test_a_copy_that_somebody_made_of_a_link_stays_with_them(places: Path) -> None:
    me, other = house.someone(), house.someone()
    answered = house.answer(WORDS, actor=me)
    shared = share_conversation(me, answered.turn.conversation_id, ShareOptions(), uuid7())
    copy = continue_share(other, shared.token, uuid7())
    close_account(User.objects.get(id=me.user_id))
    assert erase_due_people(now=timezone.now() + timedelta(days=15)) == 1
    assert [message.text for message in Message.objects.filter(conversation_id=copy).order_by("id")] == [WORDS, "shared answer"]
