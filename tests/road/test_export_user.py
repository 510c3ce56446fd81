"""`manage.py export_user`: one file with everything that is kept of one person, and nothing of anybody else."""

from __future__ import annotations

import csv
import json
import stat
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import SecurityEvent, User
from accounts.types import SecurityEventKind
from conversations.archives.source import open_source
from conversations.archives.survey import survey
from conversations.models import Conversation
from tests.road import house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("road")]


def test_everything_of_one_person_and_nothing_of_others(tmp_path: Path) -> None:
    me, other = house.someone(), house.someone()
    User.objects.filter(id=me.user_id).update(name="Kim", custom_instructions="Be brief.")
    for words in ("first words of mine", "second words of mine"):
        house.answer(words, actor=me)
    Conversation.objects.create(owner_id=me.user_id, workspace_id=me.workspace_id)  # begun, and nothing said in it
    house.answer("the secret of another", actor=other)
    email = User.objects.get(id=me.user_id).email
    out, said = tmp_path / "mine.zip", StringIO()
    call_command("export_user", "--email", email.upper(), "--out", str(out), stdout=said)
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert f"{len(files)} files" in said.getvalue()
    assert json.loads(files["profile.json"])["custom_instructions"] == "Be brief."
    assert json.loads(files["profile.json"])["email_addresses"][0]["email"] == email
    assert len(json.loads(files["conversations.json"])["conversations"]) == 3
    readable = [text for name, text in sorted(files.items()) if name.startswith("conversations/")]
    assert ["first words of mine" in readable[0], "second words of mine" in readable[1]] == [True, True]
    assert len(list(csv.DictReader(files["usage.csv"].splitlines()))) >= 2
    assert "event" in files["security-activity.csv"]
    assert not [name for name, text in files.items() if "secret of another" in text]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [out], "nothing unfinished lies about"
    with open_source(out) as source:
        assert survey(source).total == 3, "it can be imported here again"
    assert SecurityEvent.objects.filter(subject_id=me.user_id, kind=SecurityEventKind.DATA_EXPORTED).count() == 1


def test_a_wrong_address_or_place_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no user with the address"):
        call_command("export_user", "--email", "nobody@example.com", "--out", str(tmp_path / "a.zip"))
    email = User.objects.get(id=house.someone().user_id).email
    with pytest.raises(CommandError, match="could not be written"):
        call_command("export_user", "--email", email, "--out", str(tmp_path / "missing" / "a.zip"))
