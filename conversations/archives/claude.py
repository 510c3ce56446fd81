"""Claude's export: `conversations.json`, an array of conversations with `chat_messages`.

Anthropic publishes no specification. What is read here follows public descriptions of real exports and type definitions of tools that read
them (notes of `Sinity/polylogue` on claude.ai exports, readers of `chat_messages` in public repositories), read on 23 November 2026.

- Conversations: `uuid`, `name`, `created_at`, `updated_at` (ISO 8601); some have `is_starred`, `project`: {uuid, name},
  `current_leaf_message_uuid`, `model`.
- Messages: `uuid`, `sender` (human or assistant), `text`, `content`, `created_at`, `attachments`, `files`; newer exports
  have `parent_message_uuid`, in a first message 00000000-0000-4000-8000-000000000000. Without it the order is the conversation.
- `content`: blocks of type `text`, `thinking` (`thinking`), `tool_use` (`name`, `input`), `tool_result` (`content`). `text`
  repeats the text blocks, with a sentence about unsupported blocks between them, so it counts only without `content`.
- `attachments`: {file_name, extracted_content}: the text of a file, or a long paste (without a name). `files`: {file_name} of
  pictures and others.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from conversations.archives import reasons
from conversations.archives.cleaning import fenced, key_of, listing, mapping, moment, one_line, prose, text_of
from conversations.archives.graph import Graph, Kind, Node, Step
from conversations.archives.limits import LIMITS, Limits
from conversations.archives.parsed import ParsedConversation
from conversations.archives.reasons import Skipped

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".svg", ".bmp")
_NAME_CHARS = 120
_DOCUMENT_LANGUAGES = {
    "text/html": "html",
    "image/svg+xml": "svg",
    "application/vnd.ant.mermaid": "mermaid",
    "application/vnd.ant.react": "jsx",
}


def recognises(values: dict[str, Any]) -> bool:
    return isinstance(values.get("chat_messages"), list)


def read(values: dict[str, Any], data: bytes, limits: Limits = LIMITS) -> ParsedConversation:
    """The conversation; `data` names it when it has no id. Raises `Skipped`."""
    title = one_line(values.get("name"), 200)
    said = [mapping(message) for message in values["chat_messages"]]
    if len(said) > limits.messages:
        raise Skipped(reasons.TOO_MANY_MESSAGES, title)
    created_at = moment(values.get("created_at")) or datetime.now(UTC)
    graph = Graph(_nodes(said, one_line(values.get("model"), _NAME_CHARS)), created_at, limits)
    if not graph.messages:
        raise Skipped(reasons.EMPTY, title)
    last_at = moment(values.get("updated_at")) or max(message.created_at for message in graph.messages)
    return ParsedConversation(
        key=key_of("claude", values.get("uuid"), data),
        title=title,
        created_at=created_at,
        last_activity_at=last_at,
        messages=graph.messages,
        shown=graph.shown(text_of(values.get("current_leaf_message_uuid")) or (_name(said[-1], len(said) - 1))),
        pinned_at=last_at if values.get("is_starred") is True else None,
        folder=one_line(mapping(values.get("project")).get("name"), 80),
        left_out=graph.left_out,
    )


def _nodes(said: list[dict[str, Any]], model: str) -> dict[str, Node]:
    """By the parents that messages name; one below the other when none of them does."""
    names = [_name(message, number) for number, message in enumerate(said)]
    known = set(names)
    branching = any(message.get("parent_message_uuid") in known for message in said if isinstance(message.get("parent_message_uuid"), str))
    nodes: dict[str, Node] = {}
    for number, (name, message) in enumerate(zip(names, said, strict=True)):
        named = message.get("parent_message_uuid")
        before = names[number - 1] if number else None
        parent = (named if isinstance(named, str) and named in known else None) if branching else before
        nodes[name] = Node(_step(message, model), parent)
    for name, node in nodes.items():
        if node.parent is not None and node.parent in nodes:
            nodes[node.parent].children.append(name)
    return nodes


def _name(message: dict[str, Any], number: int) -> str:
    return text_of(message.get("uuid")) or f"#{number}"


def _step(message: dict[str, Any], model: str) -> Step:
    step = Step(at=moment(message.get("created_at")))
    blocks = [mapping(block) for block in listing(message.get("content"))]
    if message.get("sender") == "human":
        said = _texts(blocks, step) or prose(message.get("text"))
        step.text = "\n\n".join(text for text in (said, *_attached(message, step.left_out)) if text)
        kind = Kind.QUESTION
    elif message.get("sender") == "assistant":
        step.text = _texts(blocks, step) or ("" if step.reasoning else prose(message.get("text")))
        step.model, kind = model, Kind.ANSWER
    else:
        return step
    if step.text or step.reasoning:
        step.kind = kind
    return step


def _texts(blocks: list[dict[str, Any]], step: Step) -> str:
    """The blocks as one text; thoughts go to the step's reasoning."""
    found, thoughts = [], []
    for block in blocks:
        match block.get("type"):
            case "text":
                found.append(prose(block.get("text")))
            case "thinking":
                thoughts.append(prose(block.get("thinking")))
            case "tool_use":
                found.append(_call(str(block.get("name")), mapping(block.get("input")), step.left_out))
            case "tool_result":
                found.append(_result(block, step.left_out))
            case "image":
                step.left_out[reasons.IMAGES] += 1
                found.append("[image: unnamed]")
    step.reasoning = "\n\n".join(text for text in thoughts if text)
    return "\n\n".join(text for text in found if text)


def _call(tool: str, given: dict[str, Any], left_out: Counter[str]) -> str:
    """An artifact as it was written, and the code of the analysis tool; all else stays out."""
    if tool == "artifacts" and (text := prose(given.get("content"))):
        title, kind = one_line(given.get("title"), _NAME_CHARS), text_of(given.get("type"))
        language = text_of(given.get("language")) or _DOCUMENT_LANGUAGES.get(kind, "")
        body = text if kind == "text/markdown" else fenced(text, language)
        return f"**{title}**\n\n{body}" if title else body
    if tool in ("repl", "analysis_tool") and (code := prose(given.get("code"))):
        return fenced(code, "javascript")
    left_out[reasons.TOOL_CALLS] += 1
    return ""


def _result(block: dict[str, Any], left_out: Counter[str]) -> str:
    """What the analysis tool printed; what was said about artifacts ("OK"), pages and searches stay out."""
    if block.get("name") in ("repl", "analysis_tool"):
        lines = [prose(mapping(part).get("text")) for part in listing(block.get("content"))] or [prose(block.get("content"))]
        if output := "\n".join(line for line in lines if line):
            return fenced(output, "text")
    elif block.get("name") != "artifacts":
        left_out[reasons.TOOL_RESULTS] += 1
    return ""


def _attached(message: dict[str, Any], left_out: Counter[str]) -> list[str]:
    """Pastes and the text of files belong to the question; of other files only the names are there."""
    found = []
    for attachment in map(mapping, listing(message.get("attachments"))):
        name, text = one_line(attachment.get("file_name"), _NAME_CHARS), prose(attachment.get("extracted_content"))
        if name:
            found.append(f"[file: {name}]")
        if text:
            found.append(fenced(text) if name else text)
        elif name:
            left_out[reasons.FILES] += 1
    for file in map(mapping, listing(message.get("files"))):
        name = one_line(file.get("file_name"), _NAME_CHARS) or "unnamed"
        picture = name.lower().endswith(_PICTURES) or file.get("file_kind") == "image"
        left_out[reasons.IMAGES if picture else reasons.FILES] += 1
        found.append(f"[{'image' if picture else 'file'}: {name}]")
    return found
