"""What goes into an engine and what comes out. Frozen values; no SDK, no Django."""

from __future__ import annotations

import enum
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol


class Provider(enum.StrEnum):
    """An engine room under `providers/adapters/`."""

    ANTHROPIC = "anthropic"
    OPENAI = "openai"
    GEMINI = "gemini"
    OPENAI_COMPATIBLE = "openai_compatible"
    LOCAL = "local"
    SCRIPTED = "scripted"


class Role(enum.StrEnum):
    USER = "user"
    ASSISTANT = "assistant"


# --- request ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextPart:
    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An image as bytes; `media_type` such as image/png."""

    data: bytes
    media_type: str


Part = TextPart | ImagePart


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: Role
    parts: tuple[Part, ...]

    @staticmethod
    def of(role: Role, text: str) -> ChatMessage:
        return ChatMessage(role, (TextPart(text),))


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One call. `messages` begin with a user turn and end with one; `max_output_tokens` includes reasoning."""

    provider: Provider
    model: str  # the provider's own id
    messages: tuple[ChatMessage, ...]
    max_output_tokens: int
    system: str = ""
    request_key: str = ""  # for logs and the provider's own tracing


# --- stream events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """Reasoning as far as the provider shows it; an empty one says that the model reasons without showing it."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    id: str
    name: str
    arguments_json: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What the provider reported, in buckets that do not overlap (`reasoning` is a part of `output`).

    Each adapter's `mapping_out` says how the provider counts and where that is documented. Later reports of one
    stream replace earlier ones: they are cumulative.
    """

    fresh_input: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    output: int = 0
    reasoning: int = 0
    raw: dict[str, Any] = field(default_factory=dict)
    final: bool = True  # False: a running count of a stream that may still grow


class FinishReason(enum.StrEnum):
    STOP = "stop"
    LENGTH = "length"  # the output limit or the context window was reached
    REFUSAL = "refusal"  # the model or a safety system declined
    TOOL_CALLS = "tool_calls"


@dataclass(frozen=True, slots=True)
class Finish:
    """The terminal event. A stream that ends without one was cut (`errors.StreamCut`)."""

    reason: FinishReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CallNamed:
    """What the provider calls this call: its own reports name it so. Comes at most once in a stream, before all else."""

    id: str


StreamEvent = TextDelta | ReasoningDelta | ToolCall | Usage | Finish | CallNamed


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long one call may take, in seconds. `total_seconds` includes retries; `idle_seconds` is the longest pause in the text,
    `reasoning_seconds` that of a model which is known to be reasoning, because many do so without a word."""

    connect_seconds: float = 10.0
    first_token_seconds: float = 60.0
    idle_seconds: float = 60.0
    reasoning_seconds: float = 300.0
    total_seconds: float = 900.0


class Engine(Protocol):
    """The door of an adapter (`adapters/<provider>/engine.py`)."""

    def stream(self, request: ChatRequest, *, connect_seconds: float = 10.0) -> AsyncGenerator[StreamEvent, None]:
        """Call the provider and yield its events as they arrive. An asynchronous generator: close it to end the call.

        Raises `providers.exceptions.ProviderError`; no retries in here, and no time-out but that of connecting.
        """
        ...

    async def aclose(self) -> None: ...


# --- catalogue --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Prices:
    """USD per million tokens, exact. `long_context` holds for the whole call when input exceeds `long_context_above`."""

    input: Decimal = Decimal(0)
    output: Decimal = Decimal(0)
    cache_read: Decimal = Decimal(0)
    cache_write_5m: Decimal = Decimal(0)
    cache_write_1h: Decimal = Decimal(0)
    long_context_above: int | None = None
    long_context: Prices | None = None


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model of the catalogue with the prices that hold now. `key` is "<provider>:<model id>"."""

    key: str
    provider: Provider
    model_id: str
    name: str
    context_window: int
    max_output: int
    abilities: frozenset[str]
    prices: Prices
    note: str = ""  # "A small demonstration model", shown with its name
    demo: bool = False  # the local and the scripted model: not a product of a provider
    sort: int = 0
