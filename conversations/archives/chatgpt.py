"""ChatGPT's export: `conversations.json`, an array of conversations, each a graph of steps.

OpenAI publishes no specification. What is read here follows public descriptions of real exports: the schema notes of the
`convoviz` project (version 3.0, 5 February 2026), the exporter `pionxzh/chatgpt-exporter`, and reports of the split into
`conversations-000.json` ... since early 2026; all read on 23 November 2026.

- `mapping`: {id: {id, parent, children, message}}; a root often has no message. `current_node` is the shown leaf.
- `create_time`, `update_time`: seconds since 1970 as a float, or null.
- Conversations: `id` or `conversation_id`, `title`, `is_archived`, `is_starred`, `pinned_time`, `default_model_slug`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from conversations.archives import reasons
from conversations.archives.chatgpt_steps import instructions_of, step_of
from conversations.archives.cleaning import key_of, listing, mapping, moment, one_line, text_of
from conversations.archives.graph import Graph, Node
from conversations.archives.limits import LIMITS, Limits
from conversations.archives.parsed import ParsedConversation
from conversations.archives.reasons import Skipped


def recognises(values: dict[str, Any]) -> bool:
    return isinstance(values.get("mapping"), dict)


def read(values: dict[str, Any], data: bytes, limits: Limits = LIMITS) -> ParsedConversation:
    """The conversation; `data` names it when it has no id. Raises `Skipped`."""
    title = one_line(values.get("title"), 200)
    entries = values["mapping"]
    if len(entries) > limits.messages:
        raise Skipped(reasons.TOO_MANY_MESSAGES, title)
    created_at = moment(values.get("create_time")) or moment(values.get("update_time")) or datetime.now(UTC)
    graph = Graph(_nodes(entries), created_at, limits)
    if not graph.messages:
        raise Skipped(reasons.EMPTY, title)
    last_at = moment(values.get("update_time")) or max(message.created_at for message in graph.messages)
    pinned_at = moment(values.get("pinned_time")) or (last_at if values.get("is_starred") is True else None)
    return ParsedConversation(
        key=key_of("chatgpt", values.get("conversation_id") or values.get("id"), data),
        title=title,
        created_at=created_at,
        last_activity_at=last_at,
        messages=graph.messages,
        shown=graph.shown(text_of(values.get("current_node")) or None),
        system_prompt=_instructions(entries),
        pinned_at=pinned_at,
        archived_at=last_at if values.get("is_archived") is True else None,
        left_out=graph.left_out,
    )


def _nodes(entries: dict[str, Any]) -> dict[str, Node]:
    """Parents say where a node hangs, `children` say in which order; a node that only one of both knows is there as well."""
    nodes = {name: Node(step_of(mapping(mapping(entry).get("message"))), _parent(entry)) for name, entry in entries.items()}
    for name, entry in entries.items():
        for child in listing(mapping(entry).get("children")):
            if isinstance(child, str) and child in nodes and nodes[child].parent in (None, name) and child != name:
                nodes[child].parent = name
                nodes[name].children.append(child)
    for name, node in nodes.items():
        if node.parent is not None and node.parent in nodes:
            nodes[node.parent].children.append(name)
    for node in nodes.values():
        node.children = list(dict.fromkeys(node.children))
    return nodes


def _parent(entry: Any) -> str | None:
    parent = mapping(entry).get("parent")
    return parent if isinstance(parent, str) else None


def _instructions(entries: dict[str, Any]) -> str:
    """What its owner had written for every conversation ("custom instructions"), once."""
    for entry in entries.values():
        if found := instructions_of(mapping(mapping(entry).get("message"))):
            return found
    return ""
