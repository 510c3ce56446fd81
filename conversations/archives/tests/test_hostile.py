"""What somebody could bring to do harm, or by mistake: one clear line, at once, in little memory."""

from __future__ import annotations

import io
import json
import stat
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conversations.archives import own
from conversations.archives.elements import TextBroken
from conversations.archives.limits import LIMITS, Limits
from conversations.archives.parsed import ParsedConversation
from conversations.archives.refusals import ArchiveRefused
from conversations.archives.source import open_source
from conversations.archives.survey import Entry, entries, survey
from conversations.archives.tests.builders import ChatGPT, chatgpt_talk, claude_message, claude_talk, saved, zipped

TALKS = [chatgpt_talk(1), chatgpt_talk(2)]


def imported(path: Path, limits: Limits = LIMITS) -> list[Entry]:
    with open_source(path, limits) as source:
        survey(source, limits=limits)
        return list(entries(source, 0, limits))


def refusal(path: Path, limits: Limits = LIMITS) -> str:
    with pytest.raises(ArchiveRefused) as refused:
        imported(path, limits)
    assert "\n" not in refused.value.message
    return refused.value.code


def bomb(levels_of_zeros: int = 300_000_000) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("conversations.json", "w") as member:
        member.write(b"[")
        for _ in range(levels_of_zeros // 1_000_000):
            member.write(b" " * 1_000_000)
    return target.getvalue()


def renamed(name: str) -> bytes:
    return zipped({"conversations.json": TALKS, name: b"x"})


def linked() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        member = zipfile.ZipInfo("conversations.json")
        member.create_system, member.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    return target.getvalue()


def encrypted() -> bytes:
    """The bit that says so, in both headers; the data behind it does not matter."""
    data = bytearray(zipped({"conversations.json": TALKS}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    return bytes(data)


def doubled() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("conversations.json", json.dumps(TALKS))
        archive.writestr("conversations.jsoN", json.dumps([]))
    return target.getvalue()


def many_files() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(300):
            archive.writestr(f"{number}.txt", b"")
    return target.getvalue()


def huge_directory() -> bytes:
    """An end record that claims a table of contents of twenty megabytes, in a file that has them."""
    data = bytearray(zipped({"conversations.json": TALKS}))
    struct.pack_into("<L", data, data.rindex(b"PK\x05\x06") + 12, 20_000_000)
    return bytes(data[:4] + bytes(20_000_000) + data[4:])


def misnamed() -> bytes:
    """The table of contents has the name in UTF-8, the header before the data something that is not."""
    data = bytearray(zipped({"\u00e9/conversations.json": TALKS}))
    data[30] = 0xFF
    return bytes(data)


def nameless() -> bytes:
    """A name that ends before its first letter."""
    data = bytearray(zipped({"conversations.json": TALKS}))
    data[data.rindex(b"PK\x01\x02") + 46] = 0
    return bytes(data)


def shifted() -> bytes:
    """The table of contents is said to begin 300 bytes too late: by that the data begins before the file does."""
    data = bytearray(zipped({"conversations.json": TALKS}))
    at = data.rindex(b"PK\x05\x06") + 16
    struct.pack_into("<L", data, at, struct.unpack_from("<L", data, at)[0] + 300)
    return bytes(data)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb": (bomb, "bomb"),
    "a bomb by LZMA": (lambda: zipped({"conversations.json": b"[" + b" " * 50_000_000}, compression=zipfile.ZIP_LZMA), "packing"),
    "a path upwards": (lambda: renamed("../../etc/cron.d/x"), "odd_names"),
    "a path upwards for Windows": (lambda: renamed("a\\..\\..\\x"), "odd_names"),
    "an absolute path": (lambda: renamed("/etc/passwd"), "odd_names"),
    "a drive": (lambda: renamed("C:\\x"), "odd_names"),
    "a link": (linked, "odd_names"),
    "encrypted": (encrypted, "encrypted"),
    "twice the same name": (doubled, "double_names"),
    "a ZIP in a ZIP": (lambda: zipped({"export.zip": zipped({"conversations.json": TALKS})}), "packed_twice"),
    "no conversations": (lambda: zipped({"photo.png": b"x"}), "no_conversations_file"),
    "an empty ZIP": (lambda: zipped({}), "no_conversations_file"),
    "cut off": (lambda: zipped({"conversations.json": TALKS})[:-30], "damaged"),
    "only its beginning": (lambda: b"PK\x03\x04" + b"\x00" * 50, "damaged"),
    "a name that is no text": (misnamed, "damaged"),
    "no name": (nameless, "odd_names"),
    "an offset out of the file": (shifted, "damaged"),
    "a table of contents too long": (huge_directory, "too_many_files"),
    "empty": (lambda: b"", "empty"),
    "a web page": (lambda: b"<!DOCTYPE html><html>", "web_page"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "not_an_archive"),
    "other JSON": (lambda: b'[{"hello": "world"}]', "no_conversations"),
    "an empty array": (lambda: b"[]", "no_conversations"),
    "numbers": (lambda: b"[1,2,3]", "no_conversations"),
    "a newer version": (lambda: b'{"format":"ai-chat-platform","version":2,"conversations":[{}]}', "newer_version"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_it_is_refused_with_one_clear_line_quickly_and_in_little_memory(kind: str, tmp_path: Path) -> None:
    make, code = HOSTILE[kind]
    path = saved(tmp_path, make())
    tracemalloc.start()
    started = time.monotonic()
    try:
        assert refusal(path) == code
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000
    assert time.monotonic() - started < 5


def test_a_file_changed_inside_is_damaged_not_believed(tmp_path: Path) -> None:
    data = bytearray(zipped({"conversations.json": TALKS}, compression=zipfile.ZIP_STORED))
    data[200] ^= 0x55
    assert refusal(saved(tmp_path, bytes(data))) == "damaged"


def test_sizes_that_lie_do_not_help_a_bomb(tmp_path: Path) -> None:
    data = bytearray(bomb(100_000_000))
    struct.pack_into("<L", data, data.rindex(b"PK\x01\x02") + 24, 1000)
    assert refusal(saved(tmp_path, bytes(data))) == "damaged"


def test_more_text_than_is_allowed_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sparse.json"
    with path.open("wb") as file:
        file.write(b"[")
        file.truncate(2 * 1024**3)
    with pytest.raises(ArchiveRefused, match=r"have 2 GB; at most 1\.5 GB"):
        imported(path)
    assert refusal(saved(tmp_path, zipped({"conversations.json": TALKS})), Limits(text=100)) == "too_much_text"


def test_too_many_files_or_conversations_are_refused(tmp_path: Path) -> None:
    assert refusal(saved(tmp_path, many_files()), Limits(members=200)) == "too_many_files"
    assert refusal(saved(tmp_path, json.dumps([chatgpt_talk(1)] * 12).encode()), Limits(conversations=10)) == "too_many"


def test_one_conversation_that_is_too_much_stays_out_and_the_others_come(tmp_path: Path) -> None:
    large, deep, long = chatgpt_talk(1), chatgpt_talk(2), chatgpt_talk(3, turns=40)
    large["mapping"]["n2"]["message"]["content"]["parts"] = ["x" * 30_000]
    deep["deep"] = json.loads("[" * 90 + "]" * 90)
    limits = Limits(conversation=60_000, depth=50, messages=60)
    many = {**chatgpt_talk(4), "values": [0] * 900}
    path = saved(tmp_path, json.dumps([large | {"pad": "y" * 40_000}, deep, long, many, chatgpt_talk(5)]).encode())
    found = imported(path, limits)
    assert [entry.problem for entry in found] == ["too_large", "too_deep", "too_many_messages", "", ""]
    assert [entry.problem for entry in imported(path, Limits(conversation=60_000, depth=50, messages=60, values=800))][3] == "too_large"


def own_talk(messages: list[dict[str, object]], **fields: object) -> dict[str, object]:
    return {
        "id": "o-1",
        "title": "Own",
        "shown_leaf": None,
        "messages": [{"role": "user", "text": "Hi", **message} for message in messages],
        **fields,
    }


@pytest.mark.parametrize("messages", [[{"id": "b", "parent": "b"}], [{"id": "a", "parent": "b"}, {"id": "b", "parent": "a"}]])
@pytest.mark.parametrize("fields", [{}, {"last_activity_at": "2025-02-03T10:00:00Z"}])
def test_a_conversation_of_loops_alone_is_empty(messages: list[dict[str, object]], fields: dict[str, object], tmp_path: Path) -> None:
    found = imported(saved(tmp_path, json.dumps([own_talk(messages, **fields), chatgpt_talk(1)]).encode()))
    assert [(entry.problem, entry.title) for entry in found] == [("empty", "Own"), ("", "")]


def test_messages_without_parents_are_beginnings_whatever_their_ids(tmp_path: Path) -> None:
    talk = own_talk([{}, {"id": ""}, {"id": "b", "parent": None}, {"parent": "b"}, {"id": "c", "parent": "c"}])
    (entry,) = imported(saved(tmp_path, json.dumps([talk]).encode()))
    assert entry.conversation is not None
    assert [message.parent for message in entry.conversation.messages] == [None, None, None, 2]
    assert [message.left_at for message in entry.conversation.messages] == [None] * 4
    assert (entry.conversation.shown, entry.conversation.left_out) == (3, {"loops": 1})


@pytest.mark.parametrize(
    "talk",
    [
        {"title": "T", "mapping": {"a": {"parent": "a", "message": {"author": {"role": "user"}, "content": {"parts": ["Hi"]}}}}},
        claude_talk(1, [claude_message("b", "human", {"type": "text", "text": "Hi"}, parent="b")], name="T"),
        claude_talk(1, [claude_message("b", "human", {"type": "text", "text": "Hi"})] * 2, name="T"),
    ],
)
def test_loops_alone_are_empty_in_other_formats_too(talk: dict[str, object], tmp_path: Path) -> None:
    found = imported(saved(tmp_path, json.dumps([talk, chatgpt_talk(1)]).encode()))
    assert [(entry.problem, entry.title) for entry in found] == [("empty", "T"), ("", "")]


def test_a_conversation_without_messages_never_comes_out_of_any_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    monkeypatch.setattr(own, "read", lambda *_: ParsedConversation("own:o-1", "Own", now, now, []))
    (entry,) = imported(saved(tmp_path, json.dumps([own_talk([{}])]).encode()))
    assert (entry.conversation, entry.problem, entry.title) == (None, "empty", "Own")


def test_a_forked_chain_that_would_multiply_its_text_stays_out(tmp_path: Path) -> None:
    talk = ChatGPT()
    above = talk.say("user", "?")
    for _ in range(200):
        above = talk.say("assistant", "x" * 1000, under=above)
        talk.say("user", "and?", under=above)
    found = imported(saved(tmp_path, json.dumps([talk.done(), chatgpt_talk(1)]).encode()), Limits(conversation=1_000_000))
    assert [entry.problem for entry in found] == ["too_large", ""]


def test_what_came_before_a_break_is_there_and_where_it_ended_is_known(tmp_path: Path) -> None:
    whole = json.dumps([chatgpt_talk(number) for number in range(4)]).encode()
    with open_source(saved(tmp_path, whole[: len(whole) - 500])) as source:
        assert survey(source).total == 3
        found: list[Entry] = []
        with pytest.raises(TextBroken) as broken:
            found.extend(entries(source, 0))
        assert broken.value.count == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_encodings_of_unicode_are_read(encoding: str, tmp_path: Path) -> None:
    text = json.dumps([claude_talk(1, name="Grüße 😀")], ensure_ascii=False)
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    (entry,) = imported(saved(tmp_path, (mark + text).encode(encoding)))
    assert entry.conversation is not None
    assert entry.conversation.title == "Grüße 😀"


def test_characters_that_cannot_be_read_are_counted_and_cost_no_conversation(tmp_path: Path) -> None:
    text = json.dumps([claude_talk(1, name="caf\u00e9")], ensure_ascii=False).encode("latin-1")
    lone = json.dumps([claude_talk(2, name="lone \ud800 half \x00")]).encode()
    for data, title in ((text, "caf\ufffd"), (lone, "lone \ufffd half")):
        (entry,) = imported(saved(tmp_path, data))
        assert entry.conversation is not None
        assert entry.conversation.title == title
        assert entry.conversation.left_out == {"bad_characters": 1}


def test_the_parts_of_a_split_export_come_in_order_and_other_files_are_not_looked_at(tmp_path: Path) -> None:
    files: dict[str, bytes | list[object]] = {
        "out/conversations-001.json": [chatgpt_talk(2)],
        "out/conversations-000.json": [chatgpt_talk(1)],
        "__MACOSX/out/._conversations-000.json": b"junk",
        "out/users.json": [claude_talk(9)],
        "out/chat.html": b"<html>",
    }
    found = imported(saved(tmp_path, zipped(files)))
    assert [entry.conversation.key for entry in found if entry.conversation] == ["chatgpt:c-1", "chatgpt:c-2"]


def test_a_zip_with_another_name_inside_is_known_by_its_content(tmp_path: Path) -> None:
    (entry,) = imported(saved(tmp_path, zipped({"my-chats.json": [claude_talk(1)]})))
    assert entry.conversation is not None
