"""What a draft would need, said under the composer; and a model that it would fit, when the chosen one is refused."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from conversations.forms import read_beginning, read_uuid
from conversations.models import Message
from conversations.selectors.access import get_conversation
from conversations.selectors.estimate import Draft, Estimate, another_that_fits, estimate
from conversations.services.regenerate import model_for
from conversations.views.requests import ActorRequest, no_store, signed_in
from core.exceptions import DomainError, PaymentRequired


@require_POST
@signed_in
def estimate_new(request: ActorRequest) -> HttpResponse:
    """For the beginning of a conversation."""
    return _line(request, None)


@require_POST
@signed_in
def estimate_in(request: ActorRequest, conversation_id: UUID) -> HttpResponse:
    """For the next question of this one."""
    get_conversation(request.actor, conversation_id)
    return _line(request, conversation_id)


def instead_of(request: ActorRequest, conversation_id: UUID | None, model_key: str) -> Estimate | None:
    """The model that would fit what was refused (`PaymentRequired`) with this one, for want of room or because the plan does not have it.

    None without such a model.
    """
    return another_that_fits(request.actor, _draft(request, conversation_id), model_key)


def instead_of_answering(
    request: ActorRequest, error: DomainError, question: Message, model_key: str, earlier_key: str, text: str | None = None
) -> Estimate | None:
    """Likewise, for a question that is there already, in these other words or in its own; None after other errors.

    `earlier_key` is the model when none is named.
    """
    if not isinstance(error, PaymentRequired):
        return None
    draft = Draft(question.text if text is None else text, question.conversation_id, question.parent_id)
    return another_that_fits(request.actor, draft, model_for(model_key, earlier_key).key)


def _line(request: ActorRequest, conversation_id: UUID | None) -> HttpResponse:
    """Never in the way: what cannot be estimated says nothing, sending will say why."""
    try:
        found = estimate(request.actor, _draft(request, conversation_id), request.POST.get("model", ""))
    except DomainError:
        return no_store(HttpResponse())
    return no_store(render(request, "conversations/_estimate.html", {"estimate": found}))


def _draft(request: ActorRequest, conversation_id: UUID | None) -> Draft:
    return Draft(request.POST.get("text", ""), conversation_id, read_uuid(request, "parent"), read_beginning(request).system_prompt)
