"""One step of a ChatGPT conversation: what people saw of it, as Markdown. Sources and date: `chatgpt.py`.

- `author.role`: user, assistant, tool, system; `author.name`: the tool. `recipient`: whom an assistant speaks to, `all` or a tool.
- `content.content_type`: `text` and `multimodal_text` (`parts`: texts, and objects such as `image_asset_pointer` or
  `audio_transcription`), `code` (`language`, `text`), `execution_output`, `thoughts` (`thoughts`: [{summary, content}]),
  `reasoning_recap` ("Thought for 8s"), `user_editable_context` (custom instructions), `model_editable_context` (memories),
  `tether_quote`, `tether_browsing_display`, `sonic_webpage` (pages that were read), `system_error`.
- `metadata`: `is_visually_hidden_from_conversation`, `is_user_system_message`, `model_slug`, `attachments`: [{id, name, mime_type}].
- `canmore.create_textdoc`, `canmore.update_textdoc`: the canvas, as JSON in the text.
- Citations stand between private characters: U+E200 kind U+E202 arguments U+E201; older ones as 【12†source】.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import orjson

from conversations.archives import reasons
from conversations.archives.cleaning import fenced, listing, mapping, moment, one_line, prose
from conversations.archives.graph import Kind, Step

_CITATION = re.compile("\ue200([^\ue200\ue201]*)\ue201")
_OLD_CITATION = re.compile(r"【\d+(?::\d+)?†[^】\n]{0,200}】")
_PRIVATE = re.compile("[\ue200-\ue206]")
_RUNNERS = ("python", "container", "code_interpreter")
_NAME_CHARS = 120


def step_of(message: dict[str, Any]) -> Step:
    """The step, with what of it stays out. Nothing that was hidden from the person is shown here either."""
    content, metadata = mapping(message.get("content")), mapping(message.get("metadata"))
    author = mapping(message.get("author"))
    step = Step(at=moment(message.get("create_time")), model=one_line(metadata.get("model_slug"), _NAME_CHARS))
    if metadata.get("is_visually_hidden_from_conversation") is True or content.get("content_type") in (
        "user_editable_context",
        "model_editable_context",
        "reasoning_recap",
    ):
        return step
    match author.get("role"):
        case "user":
            step.text, kind = _with_attachments(_parts(content, step.left_out), metadata, step.left_out), Kind.QUESTION
        case "assistant":
            _said(step, content, str(message.get("recipient") or "all"))
            kind = Kind.ANSWER
        case "tool":
            step.text, kind = _tool_output(content, step.left_out), Kind.ANSWER
        case _:
            kind = Kind.UNSEEN
    if step.text or step.reasoning:
        step.kind = kind
    return step


def instructions_of(message: dict[str, Any]) -> str:
    """The system prompt that this step stands for: custom instructions, or a visible system text; else nothing."""
    content, metadata = mapping(message.get("content")), mapping(message.get("metadata"))
    if content.get("content_type") == "user_editable_context":
        words = mapping(metadata.get("user_context_message_data"))
        about = prose(words.get("about_user_message")) or prose(content.get("user_profile"))
        wishes = prose(words.get("about_model_message")) or prose(content.get("user_instructions"))
        return "\n\n".join(text for text in (about, wishes) if text)
    hidden = metadata.get("is_visually_hidden_from_conversation") is True and metadata.get("is_user_system_message") is not True
    if mapping(message.get("author")).get("role") == "system" and not hidden:
        return _parts(content, Counter())
    return ""


def _said(step: Step, content: dict[str, Any], recipient: str) -> None:
    """What the model wrote: to the person, to itself, or to a tool."""
    kind = content.get("content_type")
    if kind == "thoughts":
        thoughts = [mapping(thought) for thought in listing(content.get("thoughts"))]
        pairs = ((one_line(thought.get("summary"), 300), prose(thought.get("content"))) for thought in thoughts)
        step.reasoning = "\n\n".join("\n\n".join(text for text in (f"**{head}**" if head else "", body) if text) for head, body in pairs)
    elif recipient.startswith("canmore."):
        step.text = _canvas(prose(content.get("text")) or _parts(content, step.left_out), step.left_out)
    elif recipient.startswith(_RUNNERS) or (kind == "code" and recipient == "all"):
        language = content.get("language")
        code = prose(content.get("text")) or _parts(content, step.left_out)
        step.text = fenced(code, "python" if language in (None, "unknown") else str(language)) if code else ""
    elif recipient not in ("all", "user"):
        step.left_out[reasons.TOOL_CALLS] += 1
    else:
        step.text = _parts(content, step.left_out)


def _tool_output(content: dict[str, Any], left_out: Counter[str]) -> str:
    """What a program printed, and the pictures that a tool made; pages and search results stay out."""
    if content.get("content_type") == "execution_output":
        output = prose(content.get("text"))
        return fenced(output, "text") if output else ""
    if any(mapping(part).get("content_type") == "image_asset_pointer" for part in listing(content.get("parts"))):
        pictures = [part for part in listing(content.get("parts")) if isinstance(part, dict)]
        return _parts({"parts": pictures}, left_out)
    if prose(content.get("text")) or listing(content.get("parts")) or content.get("content_type") == "tether_browsing_display":
        left_out[reasons.TOOL_RESULTS] += 1
    return ""


def _parts(content: dict[str, Any], left_out: Counter[str]) -> str:
    """The texts of a message, with a line for each picture."""
    if not isinstance(content.get("parts"), list):
        return _without_citations(prose(content.get("text")))
    found = []
    for part in content["parts"]:
        if isinstance(part, str):
            found.append(_without_citations(prose(part)))
            continue
        values = mapping(part)
        kind = str(values.get("content_type", ""))
        if "image" in kind:
            left_out[reasons.IMAGES] += 1
            found.append(f"[image: {_picture_name(values)}]")
        elif kind == "audio_transcription":
            found.append(prose(values.get("text")))
        elif "audio" in kind or "video" in kind:
            left_out[reasons.RECORDINGS] += 1
        else:
            found.append(_without_citations(prose(values.get("text"))))
    return "\n\n".join(text for text in found if text)


def _picture_name(pointer: dict[str, Any]) -> str:
    """What it was to show, for a picture that was made; else the name of its file."""
    made = mapping(mapping(pointer.get("metadata")).get("dalle"))
    return (
        one_line(made.get("prompt"), _NAME_CHARS)
        or one_line(pointer.get("asset_pointer"), 300).rpartition("/")[2][:_NAME_CHARS]
        or "unnamed"
    )


def _with_attachments(text: str, metadata: dict[str, Any], left_out: Counter[str]) -> str:
    """Pictures among the attachments have their line already, by the id of their file; here they get their name."""
    lines = []
    for attachment in map(mapping, listing(metadata.get("attachments"))):
        name, identifier = one_line(attachment.get("name"), _NAME_CHARS), one_line(attachment.get("id"), _NAME_CHARS)
        if identifier and f"[image: {identifier}]" in text:
            text = text.replace(f"[image: {identifier}]", f"[image: {name or identifier}]")
        else:
            left_out[reasons.FILES] += 1
            lines.append(f"[file: {name or identifier or 'unnamed'}]")
    return "\n\n".join(part for part in ("\n".join(lines), text) if part)


def _canvas(call: str, left_out: Counter[str]) -> str:
    """A document of the canvas: as it was made, or written anew; small changes to one stay out."""
    try:
        values = mapping(orjson.loads(call))
    except orjson.JSONDecodeError:
        values = {}
    updates = listing(values.get("updates"))
    text = prose(values.get("content")) or (prose(mapping(updates[0]).get("replacement")) if len(updates) == 1 else "")
    if not text or (updates and mapping(updates[0]).get("pattern") != ".*"):
        left_out[reasons.TOOL_CALLS] += 1
        return ""
    name, kind = one_line(values.get("name"), _NAME_CHARS), str(values.get("type", ""))
    body = fenced(text, kind.partition("/")[2]) if kind.startswith("code") else text
    return f"**{name}**\n\n{body}" if name else body


def _without_citations(text: str) -> str:
    if "\ue200" in text:
        text = _PRIVATE.sub("", _CITATION.sub(_citation, text))
    return _OLD_CITATION.sub("", text) if "†" in text else text


def _citation(found: re.Match[str]) -> str:
    """The name of a thing that was linked (`entity`); of a source nothing, for it says nothing without its page."""
    kind, _, arguments = found.group(1).partition("\ue202")
    if kind != "entity":
        return ""
    try:
        names = listing(orjson.loads(arguments))
    except orjson.JSONDecodeError:
        return ""
    return prose(names[1]) if len(names) > 1 else ""
