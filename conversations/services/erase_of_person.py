"""What this app holds of somebody who is being erased."""

from __future__ import annotations

import time
from uuid import UUID

from django.db import transaction

from conversations.models import AnswerSignal, Conversation, Feedback, Folder, Generation, ImportJob, Share, SharedMessage
from conversations.services.start_import import file_of
from conversations.services.stop_generation import stop_all
from conversations.states import LIVE

LONGEST_RUN_SECONDS = 30.0
_BATCH = 50


def erase_of_person(user_id: UUID, workspace_id: UUID | None) -> bool:
    """Erase every conversation, link, import and folder of theirs, a few at a time; True when nothing is left.

    Running answers are stopped and settled first, so that they are paid for: then False, as after half a minute. Copies of their links
    that others made stay with the others. The ledger is not touched.
    """
    end = time.monotonic() + LONGEST_RUN_SECONDS
    _erase_imports(user_id)
    live = list(Generation.objects.filter(conversation__owner_id=user_id, state__in=LIVE).values_list("conversation_id", flat=True))
    if live:
        stop_all(live)
        return False
    own = Conversation.objects.filter(owner_id=user_id).order_by("id").values_list("id", flat=True)
    while ids := list(own[:_BATCH]):
        if time.monotonic() > end:
            return False
        _erase_conversations(ids)
    Folder.objects.filter(owner_id=user_id).delete()
    Feedback.objects.filter(user_id=user_id).delete()
    AnswerSignal.objects.filter(user_id=user_id).update(user=None)
    return True


def _erase_conversations(ids: list[UUID]) -> None:
    with transaction.atomic():
        SharedMessage.objects.filter(share__conversation_id__in=ids).delete()
        Share.objects.filter(conversation_id__in=ids).delete()
        Conversation.objects.filter(id__in=ids).delete()


def _erase_imports(user_id: UUID) -> None:
    """The rows first: an import that runs ends when its row is gone. What it still writes in that moment, the next lines find."""
    for job in ImportJob.objects.filter(owner_id=user_id):
        path = file_of(job)
        job.delete()
        if path is not None:
            path.unlink(missing_ok=True)
