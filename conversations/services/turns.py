"""What sending and regenerating share: an answer to be, its hold, and the news of it."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from accounts.types import Actor
from conversations import events
from conversations.context import plan_context, system_of
from conversations.exceptions import AnswerRunning
from conversations.models import Conversation, Generation, Message, MessageRole
from conversations.selectors.conversations import row
from conversations.selectors.messages import view_messages
from conversations.states import LIVE
from conversations.types import MessageView
from conversations.worst_case import affordable_output, longest_output, unit_prices
from core.jobs import enqueue_on_commit
from providers.types import ModelInfo
from realtime.services import publish_on_commit
from usage import pricing
from usage.selectors.balance import get_balance
from usage.services import limit_requests, require_model, reserve
from usage.types import HoldRequest

HOLD_LEASE_SECONDS = 120


def refuse_while_running(conversation: Conversation) -> None:
    """One answer at a time on a branch. Raises `AnswerRunning`. The caller holds the conversation's lock."""
    if conversation.active_leaf_id and Generation.objects.filter(message_id=conversation.active_leaf_id, state__in=LIVE).exists():
        raise AnswerRunning


def begin_answer(
    actor: Actor, conversation: Conversation, question: Message, model: ModelInfo, continues: Message | None = None
) -> Generation:
    """An answer to the question in state `queued`, with its worst case held. Part of the caller's transaction.

    It `continues` an earlier answer to the same question by beginning with its text. The caller holds the conversation's row
    lock (always taken before the meter's). Raises `ContextFull`, and of `usage.exceptions` `ModelNotIncluded`,
    `TooManyRequests`, and `QuotaExceeded` when the allowance has no room: everything then rolls back.
    """
    balance = get_balance(actor.workspace_id)
    require_model(balance, model.key, model.name)
    before = continues.text if continues else ""
    cap = longest_output(model)
    plan = plan_context(
        conversation.id,
        (continues or question).id,
        model,
        system=system_of(conversation),
        room=model.context_window - cap,
        continues=continues is not None,
    )
    answer = Message.objects.create(
        conversation=conversation,
        workspace_id=actor.workspace_id,
        parent=question,
        role=MessageRole.ASSISTANT,
        text=before,
        text_chars=len(before),
        text_bytes=len(before.encode()),
    )
    generation = Generation(
        message=answer,
        conversation=conversation,
        workspace_id=actor.workspace_id,
        user_id=actor.user_id,
        model_key=model.key,
        model_name=model.name,
        max_output_tokens=affordable_output(balance, model, plan.input_upper_bound, cap),
        input_estimate=plan.input_upper_bound,
        input_counted=plan.input_counted,
        context_start=plan.start_id,
        dropped_turns=plan.dropped_turns,
        continued_chars=len(before),
    )
    generation.save(force_insert=True)
    _move_to(conversation, answer, model)
    reserve(
        HoldRequest(
            key=generation.key,
            workspace_id=actor.workspace_id,
            tokens=plan.input_upper_bound + generation.max_output_tokens,
            cost=pricing.worst_case(plan.input_upper_bound, generation.max_output_tokens, unit_prices(model)),
            source=generation.key,
            lease_seconds=HOLD_LEASE_SECONDS,
        )
    )
    limit_requests(actor.workspace_id, balance)  # after the hold: what has no room does not count as a request
    return generation


def announce_turn(
    actor: Actor, conversation: Conversation, messages: list[Message], generation: Generation, *, branched: bool
) -> tuple[MessageView, ...]:
    """On commit: tell every page, then hand the generation to the workers. Returns the messages as pages show them.

    Pages append what follows the last message that they show; when the conversation `branched`, they ask for the log.
    """
    from conversations.tasks import run_generation

    views = view_messages(messages)
    news = [events.message_event(view, conversation.revision) for view in views]
    if branched:
        news = [events.changed_event(conversation.id, conversation.revision)]
    publish_on_commit(*news, events.item_event(actor.user_id, row(conversation)))
    enqueue_on_commit(run_generation, str(generation.id))
    return views


def _move_to(conversation: Conversation, answer: Message, model: ModelInfo) -> None:
    conversation.active_leaf_id = answer.id
    conversation.last_activity_at = timezone.now()
    conversation.model_key = model.key
    conversation.archived_at = None  # who goes on with it wants it at hand
    bump(conversation, "active_leaf_id", "last_activity_at", "model_key", "title", "title_source", "archived_at")


def bump(conversation: Conversation, *fields: str) -> None:
    """Save these fields and raise the revision by one. The caller holds the row lock."""
    Conversation.objects.filter(id=conversation.id).update(
        revision=F("revision") + 1, **{field: getattr(conversation, field) for field in fields}
    )
    conversation.revision += 1
