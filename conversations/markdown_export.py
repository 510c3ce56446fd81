"""A conversation as one Markdown document: a heading for each message, its text as it was written below it. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import comrak

from conversations.reading_types import ReadingMessage
from conversations.rendering.cleaning import clean

# What can swallow the headings that follow: a fence, or one of the HTML blocks that a blank line does not end (CommonMark 0.31.2, 4.6).
_MAY_STAY_OPEN = re.compile(r"`{3}|~{3}|<")
_FENCE_RUNS = {mark: re.compile(rf"{mark}{{3,}}") for mark in "`~"}
_HTML_ENDS = ("-->", "</script>", "</pre>", "</style>", "</textarea>", "?>", "]]>", ">")
_PROBE = "next-message-begins-here"
_MARKS = re.compile(r"([\\`*_\[\]<&]|#+$)")
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|.\s]+')
_JOINERS = "\u200c\u200d"  # invisible, and part of words and emoji
_LONGEST_NAME = 80


def document_head(title: str, site_name: str, exported_at: datetime, message_count: int, system_prompt: str = "") -> str:
    """The title, where it comes from, and the system prompt if it is to be in it. `exported_at` is in the reader's zone."""
    messages = "1 message" if message_count == 1 else f"{message_count:,} messages"
    head = f"# {_one_line(title)}\n\n*{_one_line(site_name)} · {messages} · exported {_moment(exported_at)} ({exported_at:%Z})*\n"
    return head + (f"\n## System prompt\n\n{closed(system_prompt)}\n" if system_prompt else "")


def message_markdown(message: ReadingMessage, said_at: datetime, *, with_reasoning: bool = False) -> str:
    """The message below a heading that says who spoke, and when (`said_at`: in the reader's zone)."""
    who = "You" if message.role == "user" else message.model_name or "Answer"
    parts = [f"\n## {_one_line(who)} · {_moment(said_at)}\n"]
    if with_reasoning and message.reasoning:
        parts.append("\n" + "\n".join(f"> {line}".rstrip() for line in ["**Reasoning**", "", *clean(message.reasoning).split("\n")]) + "\n")
    parts.append(f"\n{closed(message.text)}\n")
    if message.cut_short:
        parts.append("\n*This answer was cut short.*\n")
    return "".join(parts)


def document_end(running: int) -> str:
    """What is left out, said at the end."""
    return "\n*An answer was still being written and is not in here.*\n" if running else ""


def closed(text: str) -> str:
    """The text, with a line added where it would otherwise swallow what follows (a fence or comment without its end)."""
    text = clean(text).strip("\n")
    if not _MAY_STAY_OPEN.search(text) or _ends(text):
        return text
    for mark, runs in _FENCE_RUNS.items():
        lengths = [len(run) for run in runs.findall(text)]
        if lengths and _ends(f"{text}\n{mark * max(lengths)}"):
            return f"{text}\n{mark * max(lengths)}"
    for end in _HTML_ENDS:
        if _ends(f"{text}\n{end}"):
            return f"{text}\n{end}"
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))  # a quote ends whatever is open in it


def file_name(title: str, ending: str) -> str:
    """A name that every file system takes: no separators, controls or dots, at most 80 characters before the ending."""
    title = unicodedata.normalize("NFC", " ".join(title.split()))
    visible = "".join(sign for sign in title if unicodedata.category(sign)[0] != "C" or sign in _JOINERS)
    name = _NOT_IN_FILE_NAMES.sub(" ", visible).strip(" -")[:_LONGEST_NAME].strip(" -")
    return f"{name or 'conversation'}.{ending}"


def _ends(text: str) -> bool:
    """Whether a heading below the text would be a heading."""
    return f"<h2>{_PROBE}</h2>" in comrak.render_markdown(f"{text}\n\n## {_PROBE}\n")[-200:]


def _one_line(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(clean(text).split()))


def _moment(when: datetime) -> str:
    return f"{when.day} {when:%B %Y, %H:%M}"
