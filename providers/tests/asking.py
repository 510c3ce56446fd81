"""Short ways to ask an engine in a test."""

from __future__ import annotations

from contextlib import aclosing

from providers.services.open_stream import open_stream
from providers.types import ChatMessage, ChatRequest, Provider, Role, StreamEvent, TextDelta, Timeouts

QUICK = Timeouts(connect_seconds=2, first_token_seconds=5, idle_seconds=5, total_seconds=20)


def ask(text: str, *, provider: Provider = Provider.SCRIPTED, model: str = "scripted", system: str = "", most: int = 4096) -> ChatRequest:
    return ChatRequest(provider, model, (ChatMessage.of(Role.USER, text),), most, system)


async def answer(request: ChatRequest, timeouts: Timeouts = QUICK) -> list[StreamEvent]:
    """All events of one answer through the one door."""
    async with aclosing(open_stream(request, timeouts=timeouts)) as events:
        return [event async for event in events]


def text_of(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))
