"""Archives in ChatGPT's format of any size, written as a stream."""

from __future__ import annotations

import random
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from bench.kit.answers import SEEDS, text_of

_BEGAN = 1_700_000_000.0
_TOKENS = 4000


def write_archive(path: Path, *, conversations: int, messages: int, answer_chars: int) -> int:
    """A ZIP as the product gets it; returns the bytes of its JSON, unpacked. Every tenth question has two answers.

    `messages` are those that people see; an export has more steps than that. Answers have `answer_chars` in the mean.
    """
    chance, size = random.Random(1), 0
    turns = max(messages // conversations // 2, 1)
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
        packed.open("conversations.json", "w", force_zip64=True) as file,
    ):
        for piece in _pieces(chance, conversations, turns, answer_chars):
            size += file.write(piece)
    return size


def _pieces(chance: random.Random, conversations: int, turns: int, answer_chars: int) -> Iterator[bytes]:
    yield b"["
    for number in range(conversations):
        yield (b",\n" if number else b"") + orjson.dumps(_conversation(chance, number, turns, answer_chars))
    yield b"]\n"


def _conversation(chance: random.Random, number: int, turns: int, answer_chars: int) -> dict[str, Any]:
    mapping: dict[str, Any] = {"root": {"id": "root", "parent": None, "children": [], "message": None}}
    began = _BEGAN + number * 3600
    above = _step(mapping, "root", "system", "", began, {"is_visually_hidden_from_conversation": True})
    left = 2 * turns
    while left > 0:
        question = _step(mapping, above, "user", _words(chance, 160), began + len(mapping), {})
        twice = left > 2 and chance.random() < 0.1
        for _ in range(2 if twice else 1):
            above = _step(mapping, question, "assistant", _words(chance, answer_chars), began + len(mapping), {"model_slug": "gpt-4o"})
        left -= 3 if twice else 2
    return {
        "id": f"bench-{number}",
        "title": _words(chance, 40),
        "create_time": began,
        "update_time": began + len(mapping),
        "mapping": mapping,
        "current_node": above,
    }


def _step(mapping: dict[str, Any], above: str, role: str, text: str, when: float, metadata: dict[str, Any]) -> str:
    name = str(uuid.UUID(int=random.getrandbits(128), version=4))
    mapping[above]["children"].append(name)
    message = {
        "id": name,
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": when,
        "update_time": None,
        "content": {"content_type": "text", "parts": [text]},
        "status": "finished_successfully",
        "end_turn": True,
        "weight": 1.0,
        "metadata": {"request_id": uuid.uuid4().hex, "timestamp_": "absolute", **metadata},
        "recipient": "all",
    }
    mapping[name] = {"id": name, "parent": above, "children": [], "message": message}
    return name


def _words(chance: random.Random, chars: int) -> str:
    """Around so many characters of varied Markdown, from anywhere in a long text."""
    text = text_of(chance.randrange(SEEDS), _TOKENS)
    length = min(int(chance.uniform(0.2, 1.8) * chars), len(text))
    start = chance.randrange(len(text) - length + 1)
    return text[start : start + length]
