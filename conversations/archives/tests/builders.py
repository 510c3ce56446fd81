"""Archives as ChatGPT and Claude make them (after the public descriptions that the readers name), written in code."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

T0 = 1_700_000_000.25


def zipped(files: dict[str, bytes | list[Any]], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these files; lists become JSON."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return target.getvalue()


def saved(folder: Path, content: bytes, name: str = "upload") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


class ChatGPT:
    """A conversation of ChatGPT, step by step; each `add` hangs below the one before, or below `under`."""

    def __init__(self, identifier: str = "c-1", title: str | None = "A talk", **fields: Any) -> None:
        self.mapping: dict[str, Any] = {}
        self.fields = {
            "id": identifier,
            "conversation_id": identifier,
            "title": title,
            "create_time": T0,
            "update_time": T0 + 900,
            **fields,
        }
        self.last: str | None = None
        self._node("root", None, None)

    def say(self, role: str, text: str, **more: Any) -> str:
        return self.add(role, {"content_type": "text", "parts": [text]}, **more)

    def add(self, role: str, content: dict[str, Any], *, under: str | None = None, **more: Any) -> str:
        name = f"n{len(self.mapping)}"
        metadata = {"model_slug": "gpt-4o", **more.pop("metadata", {})} if role == "assistant" else more.pop("metadata", {})
        message = {
            "id": name,
            "author": {"role": role, "name": more.pop("name", None), "metadata": {}},
            "create_time": T0 + len(self.mapping),
            "update_time": None,
            "content": content,
            "status": "finished_successfully",
            "end_turn": None,
            "weight": 1.0,
            "metadata": metadata,
            "recipient": more.pop("recipient", "all"),
            "channel": None,
            **more,
        }
        self._node(name, under or self.last, message)
        return name

    def _node(self, name: str, parent: str | None, message: dict[str, Any] | None) -> None:
        self.mapping[name] = {"id": name, "message": message, "parent": parent, "children": []}
        if parent is not None:
            self.mapping[parent]["children"].append(name)
        self.last = name

    def done(self, current: str | None = None) -> dict[str, Any]:
        return {**self.fields, "mapping": self.mapping, "moderation_results": [], "current_node": current or self.last}


def chatgpt_talk(number: int = 1, turns: int = 2) -> dict[str, Any]:
    talk = ChatGPT(f"c-{number}", f"Talk {number}")
    talk.say("system", "", metadata={"is_visually_hidden_from_conversation": True})
    for turn in range(turns):
        talk.say("user", f"Question {turn} of {number}?")
        talk.say("assistant", f"Answer **{turn}** of {number}.")
    return talk.done()


def claude_message(identifier: str, sender: str, *blocks: dict[str, Any], parent: str | None = None, **more: Any) -> dict[str, Any]:
    text = "\n".join(block["text"] for block in blocks if block["type"] == "text")
    message: dict[str, Any] = {
        "uuid": identifier,
        "text": text,
        "content": [{"start_timestamp": None, "stop_timestamp": None, "citations": [], **block} for block in blocks],
        "sender": sender,
        "created_at": "2025-02-03T10:00:00.123456Z",
        "updated_at": "2025-02-03T10:00:00.123456Z",
        "attachments": [],
        "files": [],
        **more,
    }
    if parent:
        message["parent_message_uuid"] = parent
    return message


def text_block(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


CLAUDE_ROOT = "00000000-0000-4000-8000-000000000000"


def claude_talk(number: int = 1, messages: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    said = messages or [
        claude_message(f"{number}-1", "human", text_block(f"Question of {number}?")),
        claude_message(f"{number}-2", "assistant", text_block(f"Answer of {number}.")),
    ]
    return {
        "uuid": f"k-{number}",
        "name": f"Talk {number}",
        "summary": "",
        "created_at": "2025-02-03T10:00:00Z",
        "updated_at": "2025-02-03T11:00:00Z",
        "account": {"uuid": "a-1"},
        "chat_messages": said,
        **fields,
    }
