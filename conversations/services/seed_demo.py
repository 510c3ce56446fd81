"""A history that looks lived in, for demonstrations and benchmarks: thousands of messages a second, exact to the cent."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.types import Actor
from conversations.models import Conversation, Generation, Message, MessageRole, TitleSource
from conversations.services.demo_texts import DemoText, DemoTopic, demo_topics
from conversations.states import GenerationState
from conversations.worst_case import unit_prices
from core.ids import uuid7
from providers.selectors.catalogue import default_model, list_models
from providers.types import ModelInfo
from usage import pricing
from usage.services import record_calls
from usage.types import Call, Confidence, Purpose, TokenBuckets

_ROWS_IN_ONE_GO = 4000
_INSERT_ROWS = 1000
_SPAN = timedelta(days=330)
_NEWEST = timedelta(minutes=5)
_OUTPUT_CAP = 8192
_TOKENS_A_SECOND = 60


@dataclass(slots=True)
class _Rows:
    """What is written together."""

    conversations: list[Conversation] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    generations: list[Generation] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)


def seed_demo(
    actor: Actor, *, conversations: int, messages: int, seed: int = 0, on_progress: Callable[[int], None] = lambda written: None
) -> int:
    """Add so many conversations, each with so many messages (an odd number is rounded up to whole turns), spread over months.

    Every answer is completed and has its ledger row, written through the meter's own door: generation, ledger and counters
    agree, and an audit finds nothing. Several transactions, each with whole conversations; running it again adds more.
    `on_progress` gets the number of messages written so far. Returns it at the end. No provider is called, no page is told.
    """
    chance = random.Random(seed)  # noqa: S311 - variety, not secrets
    models = tuple(model for model in list_models() if not model.demo) or (default_model(),)
    turns = -(-messages // 2)
    written, rows = 0, _Rows()
    for ends_at in _moments(conversations, timezone.now()):
        _add_conversation(rows, actor, chance, chance.choice(models), turns, ends_at)
        if len(rows.messages) >= _ROWS_IN_ONE_GO:
            written += _write(rows)
            rows = _Rows()
            on_progress(written)
    written += _write(rows)
    on_progress(written)
    return written


def _moments(count: int, now: datetime) -> Iterator[datetime]:
    """When each conversation ended, the oldest first, the last a few minutes ago."""
    for number in range(count):
        yield now - _NEWEST - _SPAN * ((count - 1 - number) / count)


def _add_conversation(rows: _Rows, actor: Actor, chance: random.Random, model: ModelInfo, turns: int, ends_at: datetime) -> None:
    topic = chance.choice(demo_topics())
    pause = timedelta(seconds=chance.randint(40, 240))
    conversation = Conversation(
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        title=topic.title,
        title_source=TitleSource.MODEL,
        model_key=model.key,
        revision=1 + 2 * turns,
        created_at=ends_at - pause * turns,
        last_activity_at=ends_at,
    )
    rows.conversations.append(conversation)
    parent, tokens_before = None, 0
    for number in range(turns):
        question, answer = _turn(topic, chance, number)
        asked_at = conversation.created_at + pause * number
        asked = _message(conversation, MessageRole.USER, question, asked_at, parent)
        asked.author_id = actor.user_id
        said = _message(conversation, MessageRole.ASSISTANT, answer, asked_at, asked)
        rows.messages += (asked, said)
        _add_generation(rows, said, model, tokens_before, question, answer)
        parent, tokens_before = said, tokens_before + question.tokens + answer.tokens
    conversation.active_leaf_id = parent.id if parent else None


def _turn(topic: DemoTopic, chance: random.Random, number: int) -> tuple[DemoText, DemoText]:
    """The topic's own turns first; what follows wanders."""
    return topic.turns[number] if number < len(topic.turns) else chance.choice(chance.choice(demo_topics()).turns)


def _message(conversation: Conversation, role: MessageRole, text: DemoText, moment: datetime, parent: Message | None) -> Message:
    return Message(
        conversation=conversation,
        workspace_id=conversation.workspace_id,
        parent_id=parent.id if parent else None,
        role=role,
        text=text.text,
        html=text.html,
        token_count=text.tokens,
        text_chars=len(text.text),
        text_bytes=text.size,
        created_at=moment,
    )


def _add_generation(rows: _Rows, said: Message, model: ModelInfo, tokens_before: int, question: DemoText, answer: DemoText) -> None:
    """The answer's generation and its call, with what was said before read from the provider's cache where it has one."""
    conversation, moment = said.conversation, said.created_at
    before = min(tokens_before, model.context_window // 2)
    cached = before if model.prices.cache_read else 0
    buckets = TokenBuckets(fresh_input=before - cached + question.tokens, cache_read=cached, output=answer.tokens)
    prices = unit_prices(model)
    generation = Generation(
        id=uuid7(),
        message=said,
        conversation=conversation,
        workspace_id=said.workspace_id,
        user_id=conversation.owner_id,
        state=GenerationState.COMPLETED,
        model_key=model.key,
        model_name=model.name,
        max_output_tokens=min(model.max_output, _OUTPUT_CAP),
        input_estimate=buckets.input_total,
        created_at=moment,
        enqueued_at=moment,
        started_at=moment,
        first_token_at=moment + timedelta(milliseconds=400),
        finished_at=moment + timedelta(seconds=1 + answer.tokens / _TOKENS_A_SECOND),
        finish_reason="stop",
        input_tokens=buckets.input_total,
        output_tokens=buckets.output,
        cost=pricing.cost(buckets, prices),
        confidence=Confidence.REPORTED,
    )
    rows.generations.append(generation)
    rows.calls.append(
        Call(
            key=generation.key,
            workspace_id=said.workspace_id,
            user_id=conversation.owner_id,
            source=generation.key,
            subject=f"conversation:{conversation.id}",
            purpose=Purpose.CHAT,
            provider=model.provider,
            model=model.model_id,
            buckets=buckets,
            prices=prices,
            confidence=Confidence.REPORTED,
            raw_usage={"demonstration": True},
            called_at=moment,
        )
    )


def _write(rows: _Rows) -> int:
    """All or nothing. Foreign keys are checked at the commit, so a conversation may point to its last message before that exists."""
    with transaction.atomic():
        Conversation.objects.bulk_create(rows.conversations, batch_size=_INSERT_ROWS)
        Message.objects.bulk_create(rows.messages, batch_size=_INSERT_ROWS)
        Generation.objects.bulk_create(rows.generations, batch_size=_INSERT_ROWS)
        record_calls(rows.calls)
    return len(rows.messages)
