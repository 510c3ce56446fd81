"""A conversation gets its name from the cheapest model, after the first answer, metered like every call."""

from __future__ import annotations

import logging
from contextlib import aclosing
from uuid import UUID

from django.db import transaction

from conversations.estimates import buckets_of, estimate
from conversations.models import Conversation, Message, MessageRole, TitleSource
from conversations.services.rename_conversation import set_title
from conversations.services.turns import unit_prices
from conversations.titles import clean_title
from core.db_pool import in_db
from core.exceptions import DomainError, PaymentRequired
from providers.selectors.catalogue import cheapest_model
from providers.services.open_stream import open_stream
from providers.types import ChatMessage, ChatRequest, ModelInfo, Role, TextDelta, Usage
from usage import pricing
from usage.services import release, reserve, settle
from usage.types import Call, Confidence, HoldRequest, Purpose

logger = logging.getLogger(__name__)

OUTPUT_TOKENS = 256  # room for models that think first
EXCERPT_CHARACTERS = 1500
INSTRUCTION = "Name this conversation in at most six words, in its own language. Answer with the name alone: no quotes, no full stop."


async def make_title(conversation_id: UUID) -> None:
    """Write the title unless a person has; on any trouble the first words stay. One hold and one ledger row, key `title:<id>`."""
    try:
        prepared = await in_db(_prepare, conversation_id)
    except PaymentRequired:
        return
    if prepared is None:
        return
    model, request, conversation = prepared
    text, usage = "", None
    try:
        async with aclosing(open_stream(request)) as events:
            async for event in events:
                if type(event) is TextDelta:
                    text += event.text
                elif type(event) is Usage:
                    usage = event
    except DomainError as error:
        logger.info("No title was made", extra={"cause": error.code})
    await in_db(_store, conversation, model, request, text, usage)


def _prepare(conversation_id: UUID) -> tuple[ModelInfo, ChatRequest, Conversation] | None:
    conversation = Conversation.objects.filter(id=conversation_id, title_source=TitleSource.FALLBACK, deleted_at__isnull=True).first()
    model = cheapest_model()
    if conversation is None or model.demo:
        return None
    first = Message.objects.filter(conversation=conversation, parent__isnull=True, role=MessageRole.USER).order_by("id").first()
    if first is None:
        return None
    answer = Message.objects.filter(parent=first).exclude(text="").order_by("id").first()
    excerpt = f"Question:\n{first.text[:EXCERPT_CHARACTERS]}\n\nAnswer:\n{answer.text[:EXCERPT_CHARACTERS] if answer else ''}"
    request = ChatRequest(
        provider=model.provider,
        model=model.model_id,
        messages=(ChatMessage.of(Role.USER, excerpt),),
        max_output_tokens=min(OUTPUT_TOKENS, model.max_output),
        system=INSTRUCTION,
        request_key=f"title-{conversation.id}",
    )
    whole = excerpt + INSTRUCTION
    bound = len(whole.encode()) + 64  # no tokenizer makes more tokens than bytes; the exact count is not worth loading one
    reserve(
        HoldRequest(
            key=_key(conversation),
            workspace_id=conversation.workspace_id,
            tokens=bound + request.max_output_tokens,
            cost=pricing.worst_case(bound, request.max_output_tokens, unit_prices(model)),
            source=f"conversation:{conversation.id}",
        )
    )
    return model, request, conversation


def _key(conversation: Conversation) -> str:
    return f"title:{conversation.id}"


def _store(conversation: Conversation, model: ModelInfo, request: ChatRequest, text: str, usage: Usage | None) -> None:
    title = clean_title(text)
    with transaction.atomic():
        current = Conversation.objects.select_for_update().filter(id=conversation.id).first()
        if usage is None and not text:
            release(_key(conversation))
            return
        final = usage is not None and usage.final
        settle(
            _key(conversation),
            Call(
                key=_key(conversation),
                workspace_id=conversation.workspace_id,
                user_id=conversation.owner_id,
                source=f"conversation:{conversation.id}",
                subject=f"conversation:{conversation.id}",
                purpose=Purpose.TITLE,
                provider=model.provider,
                model=model.model_id,
                buckets=buckets_of(usage) if usage is not None and final else estimate(request, usage, text, ""),
                prices=unit_prices(model),
                confidence=Confidence.REPORTED if final else Confidence.ESTIMATED,
                raw_usage=usage.raw if usage else {},
            ),
        )
        if current is not None and title and current.title_source == TitleSource.FALLBACK:
            set_title(current, title, TitleSource.MODEL)
