"""The imports of a person, as their page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet

from accounts.types import Actor
from conversations.archives import reasons
from conversations.exceptions import ImportNotFound
from conversations.models import ImportJob, ImportState
from conversations.models.transfer import UNFINISHED
from conversations.types import ImportLeftOut, ImportView

HISTORY = 20
_FORMATS = {"chatgpt": "ChatGPT", "claude": "Claude", "own": "this product"}


def list_imports(actor: Actor) -> tuple[ImportView, ...]:
    """The latest first; the first one may be unfinished, the others are over."""
    return tuple(_view(job) for job in _imports_of(actor).order_by("-created_at", "-id")[:HISTORY])


def get_import(actor: Actor, job_id: UUID) -> ImportJob:
    """One import of the actor. Raises `ImportNotFound`."""
    job = _imports_of(actor).filter(id=job_id).first()
    if job is None:
        raise ImportNotFound
    return job


def view_import(actor: Actor, job_id: UUID) -> ImportView:
    """One import as it is now. Raises `ImportNotFound`."""
    return _view(get_import(actor, job_id))


def _imports_of(actor: Actor) -> QuerySet[ImportJob]:
    return ImportJob.objects.filter(owner_id=actor.user_id, workspace_id=actor.workspace_id)


def _view(job: ImportJob) -> ImportView:
    rows = [row for row in job.skipped if row.get("count")]
    return ImportView(
        id=job.id,
        file_name=job.file_name,
        size_bytes=job.size_bytes,
        source=_FORMATS.get(job.format, ""),
        state=job.state,
        state_words=_words(job),
        unfinished=job.state in UNFINISHED,
        position=job.position,
        total=job.total,
        conversations=job.imported_conversations,
        messages=job.imported_messages,
        skipped_count=job.skipped_count,
        skipped=tuple(_left_out(row, reasons.WHOLE) for row in rows if row["reason"] in reasons.WHOLE),
        parts=tuple(_left_out(row, reasons.PARTS) for row in rows if row["reason"] in reasons.PARTS),
        error_message=job.error_message,
        created_at=job.created_at,
        finished_at=job.finished_at,
    )


def _words(job: ImportJob) -> str:
    if job.state == ImportState.FAILED and job.imported_conversations:
        return "Ended early"
    if job.state == ImportState.QUEUED and job.position:
        return "Interrupted, goes on soon"
    if job.state == ImportState.RUNNING and job.total is None:
        return "Looking through the file"
    return {ImportState.RUNNING: "Importing", ImportState.QUEUED: "Waiting its turn"}.get(ImportState(job.state), job.get_state_display())


def _left_out(row: dict[str, object], words: Mapping[str, str]) -> ImportLeftOut:
    examples = row.get("examples")
    return ImportLeftOut(
        words=words[str(row["reason"])],
        count=int(str(row["count"])),
        examples=tuple(str(example) for example in examples) if isinstance(examples, list) else (),
        expected=row["reason"] == reasons.ALREADY_HERE,
    )
