"""An answer that broke off is gone on with, in a version of its own."""

from __future__ import annotations

from uuid import UUID

from accounts.types import Actor
from conversations.exceptions import AnswerComplete
from conversations.models import SignalKind
from conversations.selectors.access import get_conversation, get_message
from conversations.selectors.messages import generation_of, view_messages
from conversations.services.noting_refusals import noting_refusals
from conversations.services.regenerate import answer_again, model_for, question_of
from conversations.services.signals import note_signal
from conversations.services.turns import refuse_while_running
from conversations.services.write_question import count_answer
from conversations.types import Turn


def continue_answer(actor: Actor, conversation_id: UUID, message_id: UUID, *, seen_id: UUID | None = None) -> Turn:
    """Ask the answer's model to go on where it broke off. The new answer, a sibling, begins with the earlier one's text.

    Only what is new is produced and paid; the earlier answer is not touched. One transaction with a new hold. `seen_id` is
    the message that the page showed last (`Turn.behind` says when that was not the end). Raises `MessageNotFound`,
    `AnswerComplete` when nothing broke off, `AnswerRunning`, `ContextFull` and `usage.exceptions.QuotaExceeded`.
    """
    with noting_refusals(actor):
        conversation = get_conversation(actor, conversation_id, lock=True)
        answer = get_message(actor, conversation_id, message_id)
        refuse_while_running(conversation)
        (view,) = view_messages([answer])
        if not view.can_continue:
            raise AnswerComplete
        earlier = generation_of(answer)
        note_signal(actor, earlier, SignalKind.CONTINUED)
        count_answer(answer.id)
        model = model_for("", earlier.model_key if earlier else conversation.model_key)
        return answer_again(actor, conversation, question_of(answer), model, seen_id=seen_id, continues=answer)
