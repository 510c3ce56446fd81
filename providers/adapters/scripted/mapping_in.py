"""Request -> script. What the person wrote decides what the script does; everything else is fixed.

Phrases in the last user message, for tests and demonstrations:

| phrase | effect |
| --- | --- |
| `[[error:CODE]]` | fails before the first token |
| `[[cut:N]]` | the stream ends after N words without its end |
| `[[break:CODE:N]]` | fails with CODE after N words |
| `[[slow:MS]]` | MS milliseconds between two tokens |
| `[[wait:MS]]` | MS milliseconds before the first token |
| `[[long:N]]` | an answer of about N words (at most 20,000) |
| `[[think]]` | reasons before it answers |
| `[[say:TEXT]]` | answers exactly TEXT (`\\n` is a line break) |

A last message with "go on exactly where" asks for the rest of the answer before it: what the message before that one brings,
without what is there already, neither cut nor broken off this time.

CODE is one of `overloaded`, `rate_limited` (asks for 1 s), `server_error`, `connection`, `auth`, `quota`, `bad_request`,
`context_too_long`, `refused`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from providers.adapters.scripted.script import answer, long_answer
from providers.tokens import cut_to_tokens
from providers.types import ChatMessage, ChatRequest, Role, TextPart

_LONGEST_ANSWER_WORDS = 20_000
_THOUGHTS = "The person asked something. A script has no thoughts, so it looks up its lines. "
# A word with the white space after it; white space at the very start stands alone.
_TOKEN = re.compile(r"\S+\s*|\s+")
_SAY = re.compile(r"\[\[say:(.*?)\]\]", re.DOTALL)
_BREAKS = re.compile(r"\[\[(?:error|cut|break)[^\]]*\]\]")
_GO_ON = "go on exactly where"
_TURNS_BEFORE = 2  # the question and what there is of its answer
_PHRASE = re.compile(r"\[\[(error|cut|break|slow|wait|long|think)(?::([a-z_]+))?(?::?(\d{1,7}))?\]\]")


@dataclass(frozen=True, slots=True)
class Script:
    """What will be streamed. `error` is raised after the words; with no words, before anything."""

    words: tuple[str, ...]
    reasoning: tuple[str, ...] = ()
    error: str | None = None
    finishes: bool = True
    delay_seconds: float | None = None
    first_token_seconds: float = 0.0
    truncated: bool = False


def to_script(request: ChatRequest) -> Script:
    prompt, said = last_user_text(request), ""
    if _GO_ON in prompt.lower() and len(request.messages) > _TURNS_BEFORE:
        asked, answered = request.messages[-3:-1]
        prompt, said = _BREAKS.sub("", _text_of(asked)), _text_of(answered)
        request = replace(request, messages=request.messages[:-2])
    phrases = {match[1]: (match[2] or "", int(match[3] or 0)) for match in _PHRASE.finditer(prompt)}
    text, truncated = cut_to_tokens(_text(prompt, phrases, request).removeprefix(said), request.max_output_tokens)
    words = tuple(_TOKEN.findall(text))
    error, finishes = None, True
    if "error" in phrases:
        words, error = (), phrases["error"][0]
    elif "break" in phrases:
        words, error = words[: phrases["break"][1]], phrases["break"][0]
    elif "cut" in phrases:
        words, finishes = words[: phrases["cut"][1]], False
    return Script(
        words=words,
        reasoning=tuple(_TOKEN.findall(_THOUGHTS)) if "think" in phrases else (),
        error=error,
        finishes=finishes and error is None,
        delay_seconds=phrases["slow"][1] / 1000 if "slow" in phrases else None,
        first_token_seconds=phrases["wait"][1] / 1000 if "wait" in phrases else 0.0,
        truncated=truncated,
    )


def last_user_text(request: ChatRequest) -> str:
    for message in reversed(request.messages):
        if message.role is Role.USER:
            return _text_of(message)
    return ""


def _text_of(message: ChatMessage) -> str:
    return "\n".join(part.text for part in message.parts if isinstance(part, TextPart))


def _text(prompt: str, phrases: dict[str, tuple[str, int]], request: ChatRequest) -> str:
    said = _SAY.search(prompt)
    if said:
        return said[1].replace("\\n", "\n")
    if "long" in phrases:
        return long_answer(min(phrases["long"][1], _LONGEST_ANSWER_WORDS))
    plain = _PHRASE.sub("", prompt).strip()
    return answer(plain, turn=sum(message.role is Role.USER for message in request.messages))
