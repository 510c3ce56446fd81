"""One import, from where it stands to its end: read as a stream, written in batches, each with the position it leads to."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from uuid import UUID

import redis
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from psycopg_pool import PoolTimeout

from accounts.types import Actor
from conversations import events
from conversations.archives.elements import TextBroken
from conversations.archives.parsed import ParsedConversation
from conversations.archives.reasons import Report
from conversations.archives.refusals import ArchiveRefused
from conversations.archives.source import Source, open_source
from conversations.archives.survey import Entry, entries, survey
from conversations.models import ImportJob, ImportState
from conversations.services.start_import import file_of
from conversations.services.write_imported import write_imported
from core.db_pool import DATABASE_AWAY
from core.jobs import enqueue_on_commit
from realtime.services import publish_on_commit

logger = logging.getLogger(__name__)

AT_ONCE = 2  # a worker has four threads, and the sweepers need theirs
MOST_ATTEMPTS = 5
HEARTBEAT_SECONDS = 3
_BATCH_MESSAGES = 2000
_BATCH_CHARS = 4_000_000
_BATCH_SECONDS = 2
_PASSES_BY_ITSELF = (*DATABASE_AWAY, PoolTimeout, redis.RedisError)

FILE_GONE = "The uploaded file is no longer there. Bring it once more; what was imported before is not imported twice."
GIVEN_UP = "This archive could not be read to its end. What was imported before is here."


class _Ended(Exception):
    """Somebody cancelled it, or this process is to stop."""


def run_import(job_id: UUID, keep_going: Callable[[], bool] = lambda: True) -> None:
    """Carry the import on. One winner by compare-and-swap `queued` -> `running`; a second call changes nothing.

    Killed at any moment it is found by the sweeper and goes on: every batch is one transaction with the position it leads
    to. When `keep_going` says no it hands itself back. Ends `completed`, `refused` (nothing imported, `error_message` says
    why), `failed` (the file breaks off, or nobody knows what to do with it: what came before is here) or `cancelled`.
    Publishes the list of conversations.

    No error leaves it `running`: there it would hold one of the few places of everybody's imports until the sweeper comes. What
    passes by itself (a database or Redis that is away) hands it back, up to `MOST_ATTEMPTS` times; anything else ends it.
    Raises only when not even that can be written down, and then the sweeper finds it.
    """
    job = _claim(job_id)
    if job is None:
        return
    try:
        _to_its_end(job, keep_going)
    except _PASSES_BY_ITSELF:
        logger.exception("An import was interrupted and is handed back", extra={"attempts": job.attempts})
        # A broken connection would refuse the next lines as well; a new one is taken by itself.
        if not connection.is_usable():
            connection.close()
        _hand_back(job)
    except Exception:
        logger.exception("An import failed for an unknown reason")
        _finish(job, ImportState.FAILED, GIVEN_UP)


def _to_its_end(job: ImportJob, keep_going: Callable[[], bool]) -> None:
    path = file_of(job)
    try:
        if job.attempts > MOST_ATTEMPTS:
            _finish(job, ImportState.FAILED, GIVEN_UP)
        elif path is None or not path.exists():
            _finish(job, ImportState.FAILED, FILE_GONE)
        else:
            with open_source(path) as source:
                _carry_on(job, source, _Pulse(job, keep_going))
            _finish(job, ImportState.COMPLETED)
    except ArchiveRefused as refused:
        _finish(job, ImportState.FAILED if job.position else ImportState.REFUSED, refused.message)
    except TextBroken as broken:
        _finish(job, ImportState.FAILED, _broken_words(broken, job))
    except _Ended:
        _hand_back(job, attempts=0)  # that it began here counts for nothing


class _Pulse:
    """Says every few seconds that the import lives, and hears whether it is to end."""

    def __init__(self, job: ImportJob, keep_going: Callable[[], bool]) -> None:
        self._job = job
        self._keep_going = keep_going
        self._next = 0.0

    def beat(self) -> None:
        """Cheap enough for every chunk. Raises `_Ended`."""
        if not self._keep_going():
            raise _Ended
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + HEARTBEAT_SECONDS
            if not _running(self._job).update(heartbeat_at=timezone.now()):
                raise _Ended


def _claim(job_id: UUID) -> ImportJob | None:
    if ImportJob.objects.filter(state=ImportState.RUNNING).count() >= AT_ONCE:
        return None
    won = ImportJob.objects.filter(id=job_id, state=ImportState.QUEUED).update(
        state=ImportState.RUNNING, heartbeat_at=timezone.now(), attempts=F("attempts") + 1
    )
    return ImportJob.objects.get(id=job_id) if won else None


def _carry_on(job: ImportJob, source: Source, pulse: _Pulse) -> None:
    if job.total is None:
        found = survey(source, on_chunk=pulse.beat)
        job.format, job.total = found.format, found.total
        _running(job).update(format=job.format, total=job.total)
    for batch in _batches(entries(source, job.position), pulse):
        _write(job, batch)


def _batches(stream: Iterator[Entry], pulse: _Pulse) -> Iterator[list[Entry]]:
    """What is written together. What came before a break in the text is given before the break is raised."""
    batch: list[Entry] = []
    messages = chars = 0
    due = time.monotonic() + _BATCH_SECONDS
    try:
        for entry in stream:
            pulse.beat()
            batch.append(entry)
            if entry.conversation:
                messages += len(entry.conversation.messages)
                chars += sum(len(message.text) for message in entry.conversation.messages)
            if messages >= _BATCH_MESSAGES or chars >= _BATCH_CHARS or time.monotonic() >= due:
                yield batch
                batch, messages, chars, due = [], 0, 0, time.monotonic() + _BATCH_SECONDS
    except TextBroken:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _write(job: ImportJob, batch: list[Entry]) -> None:
    """One transaction, under the lock of the job: a cancelled import writes nothing more, and nothing is written twice."""
    actor = Actor(job.owner_id, job.workspace_id)
    report = Report(job.skipped)
    found: list[ParsedConversation] = []
    for entry in batch:
        if entry.conversation:
            found.append(entry.conversation)
        else:
            report.add(entry.problem, entry.title)
    with transaction.atomic():
        if not _running(job).filter(position=job.position).select_for_update().exists():
            raise _Ended
        conversations, messages = write_imported(actor, found, report, keep_originals=(job.total or 0) > 1)
        job.position += len(batch)
        job.imported_conversations += conversations
        job.imported_messages += messages
        job.skipped, job.skipped_count = report.rows, report.conversations
        job.attempts, job.heartbeat_at = 0, timezone.now()
        job.save(
            update_fields=(
                "position", "imported_conversations", "imported_messages", "skipped", "skipped_count", "attempts", "heartbeat_at"
            )
        )  # fmt: skip


def _finish(job: ImportJob, state: ImportState, message: str = "") -> None:
    """The last move. The file is deleted, the pages are told, and what was imported is rendered ahead of its readers."""
    from conversations.tasks import render_imported

    path = file_of(job)
    with transaction.atomic():
        if not _running(job).update(state=state, error_message=message, finished_at=timezone.now(), path=""):
            return
        if job.imported_conversations:
            publish_on_commit(events.list_event(job.owner_id))
            enqueue_on_commit(render_imported, str(job.owner_id), str(job.workspace_id))
    if path:
        path.unlink(missing_ok=True)
    logger.info("An import ended", extra={"state": state, "conversations": job.imported_conversations, "messages": job.imported_messages})


def _hand_back(job: ImportJob, **changes: int) -> None:
    """For another process, unless it was cancelled meanwhile. The sweeper enqueues it."""
    _running(job).update(state=ImportState.QUEUED, heartbeat_at=timezone.now(), **changes)


def _running(job: ImportJob) -> QuerySet[ImportJob]:
    return ImportJob.objects.filter(id=job.id, state=ImportState.RUNNING)


def _broken_words(broken: TextBroken, job: ImportJob) -> str:
    return (
        f"The file breaks off, or stops making sense, after {broken.count:,} conversations (at byte {broken.offset:,}). "
        "What came before is here. Download the export again if you miss something."
    )
