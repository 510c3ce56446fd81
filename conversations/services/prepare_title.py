"""What a model is asked when it names a conversation, and the hold for it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from conversations import tree
from conversations.models import Conversation, Message, MessageRole
from conversations.worst_case import unit_prices
from providers.selectors.catalogue import cheapest_model
from providers.types import ChatMessage, ChatRequest, ModelInfo, Role
from usage import pricing
from usage.services import reserve
from usage.types import HoldRequest

OUTPUT_TOKENS = 256  # room for models that think first
EXCERPT_CHARACTERS = 1500
INSTRUCTION = "Name this conversation in at most six words, in its own language. Answer with the name alone: no quotes, no full stop."


@dataclass(frozen=True, slots=True)
class TitleCall:
    """A call to the model that names a conversation."""

    key: str
    conversation_id: UUID
    workspace_id: UUID
    user_id: UUID
    model: ModelInfo
    request: ChatRequest
    input_bytes: int


def prepare_title(conversation: Conversation, key: str) -> TitleCall | None:
    """The call to the cheapest model, about the first turn and the latest question. None when there is nothing to name.

    Raises `providers.exceptions.ProviderDisabled` without any model.
    """
    first = Message.objects.filter(conversation=conversation, parent__isnull=True, role=MessageRole.USER).order_by("id").first()
    if first is None:
        return None
    model, excerpt = cheapest_model(), _excerpt(conversation, first)
    return TitleCall(
        key=key,
        conversation_id=conversation.id,
        workspace_id=conversation.workspace_id,
        user_id=conversation.owner_id,
        model=model,
        request=ChatRequest(
            provider=model.provider,
            model=model.model_id,
            messages=(ChatMessage.of(Role.USER, excerpt),),
            max_output_tokens=min(OUTPUT_TOKENS, model.max_output),
            system=INSTRUCTION,
            request_key=key.replace(":", "-"),
        ),
        input_bytes=len((excerpt + INSTRUCTION).encode()),
    )


def hold_title(call: TitleCall) -> None:
    """Set its worst case aside. Idempotent by its key. Raises `usage.exceptions.QuotaExceeded`."""
    # No tokenizer makes more tokens than bytes; the exact count is not worth loading one.
    bound = call.input_bytes + 64
    reserve(
        HoldRequest(
            key=call.key,
            workspace_id=call.workspace_id,
            tokens=bound + call.request.max_output_tokens,
            cost=pricing.worst_case(bound, call.request.max_output_tokens, unit_prices(call.model)),
            source=f"conversation:{call.conversation_id}",
        )
    )


def _excerpt(conversation: Conversation, first: Message) -> str:
    answer = Message.objects.filter(parent=first).exclude(text="").order_by("id").first()
    parts = [f"Question:\n{first.text[:EXCERPT_CHARACTERS]}", f"Answer:\n{answer.text[:EXCERPT_CHARACTERS] if answer else ''}"]
    latest = _latest_question(conversation)
    if latest is not None and latest.id != first.id:
        parts.append(f"Latest question:\n{latest.text[:EXCERPT_CHARACTERS]}")
    return "\n\n".join(parts)


def _latest_question(conversation: Conversation) -> Message | None:
    if conversation.active_leaf_id is None:
        return None
    ids = tree.ids_upward(conversation.id, conversation.active_leaf_id, 2)
    return Message.objects.filter(id__in=ids, role=MessageRole.USER).order_by("-id").first()
