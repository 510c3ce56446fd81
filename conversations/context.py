"""What a model gets to read: the branch above the question, cut by whole turns from the front when it is too long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from accounts.selectors import custom_instructions
from conversations import tree
from conversations.calibration import at_most, likely
from conversations.continuing import INSTRUCTION
from conversations.exceptions import ContextFull
from conversations.models import Conversation
from conversations.selectors.calibration import factor_of
from conversations.system_prompt import joined
from providers.tokens import count_tokens, upper_bound
from providers.types import ChatMessage, ModelInfo, Role, TextPart


@dataclass(frozen=True, slots=True)
class ContextPlan:
    """Which messages are sent (from `start_id` down to the question), at most how many tokens they are, and how many were left out."""

    start_id: UUID
    input_upper_bound: int
    input_counted: int
    dropped_turns: int


def system_of(conversation: Conversation) -> str:
    """What stands before the branch: its owner's custom instructions and its own system prompt. One query."""
    return joined(custom_instructions(conversation.owner_id), conversation.system_prompt)


def plan_context(conversation_id: UUID, leaf_id: UUID, model: ModelInfo, *, system: str, room: int, continues: bool = False) -> ContextPlan:
    """Choose the longest tail of the branch whose upper bound fits `room` tokens, beginning with a user turn.

    The leaf is the question, or with `continues` the answer that is gone on from. Raises `ContextFull` when the last turn
    alone does not fit.
    """
    if continues:
        system = f"{system}\n{INSTRUCTION}"
    chosen = _longest_tail(tree.measured_upward(conversation_id, leaf_id, room), model, system, room, messages=1 + continues)
    if chosen is None:
        raise ContextFull(model.name)
    step, bound = chosen
    dropped = tree.depth(step.parent_id) if step.parent_id else 0
    return ContextPlan(step.id, bound, step.tokens + count_tokens(system), dropped)


@dataclass(frozen=True, slots=True)
class DraftSize:
    """The input that a draft would be sent with: what it likely is, and at most."""

    tokens: int
    upper_bound: int


def size_with_draft(
    conversation_id: UUID | None, parent_id: UUID | None, draft: str, model: ModelInfo, *, system: str, room: int
) -> DraftSize:
    """As `plan_context`, for a question that is not written yet below `parent_id`. Raises `ContextFull`."""
    question = tree.Step(UUID(int=0), parent_id, Role.USER, count_tokens(draft), len(draft), len(draft.encode()))
    above = tree.measured_upward(conversation_id, parent_id, room) if conversation_id and parent_id else []
    steps = [question]
    for step in above:
        sums = {name: getattr(step, name) + getattr(question, name) for name in ("tokens", "text_chars", "text_bytes")}
        steps.append(replace(step, **sums))
    chosen = _longest_tail(steps, model, system, room, messages=1)
    if chosen is None:
        raise ContextFull(model.name)
    step, bound = chosen
    return DraftSize(likely(step.tokens + count_tokens(system), factor_of(model.key)), bound)


def _longest_tail(steps: Iterable[tree.Step], model: ModelInfo, system: str, room: int, *, messages: int) -> tuple[tree.Step, int] | None:
    """The highest user turn from which on everything fits, with the bound of its tokens; `messages` come beside the steps."""
    system_tokens, system_bytes = (count_tokens(system), len(system.encode())) if system else (0, 0)
    factor = factor_of(model.key)
    chosen = None
    for count, step in enumerate(steps, start=messages):
        bound = upper_bound(
            model.provider,
            step.tokens + system_tokens,
            step.text_bytes + system_bytes,
            count + 1,
            text_chars=step.text_chars + len(system),
            model_id=model.model_id,
        )
        bound = at_most(bound, step.tokens + system_tokens, factor)
        if bound > room:
            break
        if step.role == Role.USER:
            chosen = (step, bound)
    return chosen


def read_context(question_id: UUID, start_id: UUID, continues: str = "") -> tuple[ChatMessage, ...]:
    """The messages for the provider. Answers that never got a text are left out, and neighbours of one role are joined.

    With the text of an answer that is to be gone on from, that answer and the request to do so follow.
    """
    messages: list[ChatMessage] = []
    for role, text in tree.texts_between(question_id, start_id):
        if not text:
            continue
        if messages and messages[-1].role == role:
            messages[-1] = ChatMessage(Role(role), (*messages[-1].parts, TextPart(text)))
        else:
            messages.append(ChatMessage.of(Role(role), text))
    if continues:
        messages += (ChatMessage.of(Role.ASSISTANT, continues), ChatMessage.of(Role.USER, INSTRUCTION))
    return tuple(messages)
