"""A conversation gets its name from the cheapest model, after the first answer or when somebody asks; metered like every call."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from conversations import events
from conversations.estimates import used
from conversations.models import Conversation, TitleSource
from conversations.services.ask_for_title import let_ask_again
from conversations.services.prepare_title import TitleCall, hold_title, prepare_title
from conversations.services.rename_conversation import set_title
from conversations.titles import title_of_model
from conversations.worst_case import unit_prices
from core.db_pool import in_db
from core.exceptions import DomainError
from providers.services.open_stream import open_stream
from providers.types import CallNamed, TextDelta, Usage
from realtime.services import publish_on_commit
from usage.services import release, settle
from usage.types import Call, Purpose

logger = logging.getLogger(__name__)

# A few words take a second. Whoever restarts this process waits for them, and so does somebody who asked.
MOST_SECONDS = 10.0


@dataclass(slots=True)
class _Heard:
    """What the model answered, what it reported, and what the provider calls the call."""

    text: str = ""
    usage: Usage | None = None
    call_id: str = ""
    broken_off: bool = False


async def make_title(conversation_id: UUID, key: str, *, instead_of: str | None = None) -> None:
    """Write a title; on any trouble the old one stays. One hold and one ledger row, both under `key`.

    By itself it replaces only a title made from the first words, never by a demonstration, and does nothing without room in the
    allowance. `instead_of`: somebody has asked for another title than this one (the hold is there already). Then a person's title is
    replaced too, unless they have changed it since, and the pages are told how it ended.
    """
    call = await in_db(_prepare, conversation_id, key, instead_of)
    if call is None:
        return
    heard = await _ask(call)
    await in_db(_store, call, heard, instead_of)


def _prepare(conversation_id: UUID, key: str, instead_of: str | None) -> TitleCall | None:
    conversation = Conversation.objects.filter(id=conversation_id, deleted_at__isnull=True).first()
    try:
        call = _call(conversation, key, instead_of) if conversation is not None else None
    except DomainError as error:
        logger.info("No title was made", extra={"cause": error.code})
        call = None
    if call is None and instead_of is not None:
        with transaction.atomic():
            release(key)
            if conversation is not None:
                _tell(conversation, made=False)
    return call


def _call(conversation: Conversation, key: str, instead_of: str | None) -> TitleCall | None:
    """None when nobody is to be called."""
    if instead_of is not None:
        return prepare_title(conversation, key) if conversation.title == instead_of else None
    if conversation.title_source != TitleSource.FALLBACK:
        return None
    call = prepare_title(conversation, key)
    if call is None or call.model.demo:
        return None
    hold_title(call)
    return call


async def _ask(call: TitleCall) -> _Heard:
    heard = _Heard()
    try:
        async with asyncio.timeout(MOST_SECONDS), aclosing(open_stream(call.request)) as stream:
            async for event in stream:
                if type(event) is TextDelta:
                    heard.text += event.text
                elif type(event) is Usage:
                    heard.usage = event
                elif type(event) is CallNamed:
                    heard.call_id = event.id
    except DomainError as error:
        logger.info("No title was made", extra={"cause": error.code})
    except TimeoutError:
        logger.info("No title was made", extra={"cause": "too_slow"})
        heard.broken_off = True
    return heard


def _store(call: TitleCall, heard: _Heard, instead_of: str | None) -> None:
    """The ledger row and the title, in one transaction."""
    title = "" if heard.broken_off else title_of_model(heard.text)
    with transaction.atomic():
        current = Conversation.objects.select_for_update(of=("self",)).filter(id=call.conversation_id).first()
        if heard.usage is None and not heard.text:
            release(call.key)
        else:
            _settle(call, heard)
        if current is None or current.deleted_at is not None:
            return
        wanted = current.title_source == TitleSource.FALLBACK if instead_of is None else current.title == instead_of
        if title and wanted:
            set_title(current, title, TitleSource.MODEL)
        if instead_of is not None:
            _tell(current, made=bool(title))


def _settle(call: TitleCall, heard: _Heard) -> None:
    usage = heard.usage
    buckets, confidence = used(call.request, usage, heard.text, "")
    settle(
        call.key,
        Call(
            key=call.key,
            workspace_id=call.workspace_id,
            user_id=call.user_id,
            source=f"conversation:{call.conversation_id}",
            subject=f"conversation:{call.conversation_id}",
            purpose=Purpose.TITLE,
            provider=call.model.provider,
            model=call.model.model_id,
            buckets=buckets,
            prices=unit_prices(call.model),
            confidence=confidence,
            raw_usage=usage.raw if usage else {},
            provider_call_id=heard.call_id,
        ),
    )


def _tell(conversation: Conversation, *, made: bool) -> None:
    publish_on_commit(events.titled_event(conversation.owner_id, conversation.id, made=made))
    transaction.on_commit(lambda: let_ask_again(conversation.id))
