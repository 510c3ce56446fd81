"""The lines themselves: Markdown with some of everything, so that a demonstration shows what the page can do."""

from __future__ import annotations

import re
import zlib

_ECHO_WORDS = 12
_OPENING = """You wrote: *{echo}*

I am **not a model**. This is the scripted demo: a fixed text that is streamed so that the product can be tried without a key."""

_LISTS = """## What you can try meanwhile

1. Press **Stop** while this text is still arriving.
2. Reload the page: the answer goes on.
3. Open the conversation in a second tab and watch both.

- [x] Stream an answer
- [x] Count its tokens exactly
- [ ] Understand the question"""

_TABLE = """## A small table

| Part | What it does | In use |
| :--- | :--- | ---: |
| Web | shows the page | 1 |
| Worker | streams this text | 1 |
| Model | would think | 0 |

A table is *one* block: it is rendered when it is complete."""

_CODE = """## A little code

```python
def greet(name: str) -> str:
    \"\"\"A friendly line.\"\"\"
    return f"Hello, {name}!"


print(greet("world"))
```

Inline code such as `greet("you")` belongs to its sentence."""

_QUOTE = """## Words and signs

> A script repeats itself. That is its charm: the same question, the same answer.

Some emphasis: *italic*, **bold**, ***both***, ~~gone~~. Some other scripts: Grüße, 你好, नमस्ते, שלום, 🙂.

---"""

_CLOSING = "To talk to a real model, ask the operator to add a provider's key."
_SECTIONS = (_LISTS, _TABLE, _CODE, _QUOTE)
_FILLER = (
    "The scripted demo keeps going, word after word, so that you can see how a long answer behaves.",
    "Nothing in it is true or false; it is only here to be *read* by a machine that counts.",
    "Each paragraph ends where a reader would breathe, and the next one begins at once.",
    "Scroll up while it arrives: the page should stay where you are.",
)


def answer(prompt: str, *, turn: int) -> str:
    """The answer to `prompt` in the given turn of the conversation. Two of the sections, chosen by both; all of them for "everything"."""
    opening = _OPENING.format(echo=_echo(prompt))
    if "everything" in prompt.lower():
        return "\n\n".join((opening, *_SECTIONS, _CLOSING))
    first = (zlib.crc32(prompt.encode()) + turn) % len(_SECTIONS)
    return "\n\n".join((opening, _SECTIONS[first], _SECTIONS[(first + 1) % len(_SECTIONS)], _CLOSING))


def long_answer(words: int) -> str:
    """About `words` words in short paragraphs under headings."""
    parts = ["This is the scripted demo, **not a model**, with a long text."]
    count = 12
    paragraph = 0
    while count < words:
        if paragraph % 8 == 0:
            parts.append(f"## Part {paragraph // 8 + 1}")
        sentence = _FILLER[paragraph % len(_FILLER)]
        parts.append(sentence)
        count += len(sentence.split())
        paragraph += 1
    return "\n\n".join(parts)


def _echo(prompt: str) -> str:
    """The first words of the prompt without signs that Markdown would read."""
    plain = re.sub(r"[^\w\s.,?!'’-]", "", prompt.replace("_", " ")).split()
    if not plain:
        return "(nothing readable)"
    return " ".join(plain[:_ECHO_WORDS]) + (" …" if len(plain) > _ECHO_WORDS else "")
