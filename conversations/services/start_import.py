"""Somebody brings an archive: it is looked at, kept, and handed to a worker."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.types import Actor
from conversations.archives.refusals import ArchiveRefused, size_words
from conversations.archives.source import open_source
from conversations.exceptions import ImportRunning, ImportTooLarge
from conversations.models import ImportJob
from conversations.models.transfer import UNFINISHED
from core.exceptions import RateLimited, Unavailable
from core.jobs import enqueue_on_commit

A_DAY = 30
ROOM_TO_SPARE = 1024**3


def imports_folder() -> Path:
    """Where uploads lie until their import is over; the web and worker processes share it."""
    folder = settings.VAR_DIR / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def check_may_import(actor: Actor, size: int) -> None:
    """Before anything is received. Raises `ImportTooLarge`, `ImportRunning`, `RateLimited`; `Unavailable` when the disk is nearly full."""
    if size > settings.IMPORT_MAX_UPLOAD_BYTES:
        raise ImportTooLarge(size_words(settings.IMPORT_MAX_UPLOAD_BYTES))
    jobs = ImportJob.objects.filter(owner_id=actor.user_id)
    if jobs.filter(state__in=UNFINISHED).exists():
        raise ImportRunning
    if jobs.filter(created_at__gt=timezone.now() - timedelta(days=1)).count() >= A_DAY:
        raise RateLimited(f"That were {A_DAY} imports within a day. Please go on tomorrow.", retry_after=3600)
    if shutil.disk_usage(imports_folder()).free < size + ROOM_TO_SPARE:
        raise Unavailable("There is too little room on our disk for this file at the moment. Please try again later.")


def start_import(actor: Actor, upload: Path, file_name: str) -> ImportJob:
    """Make the job of an upload that lies in `imports_folder()`; it takes the file over, or deletes it when it raises.

    Raises `ArchiveRefused` for what a first look shows, and what `check_may_import` raises. One unfinished import a person
    (a constraint). On commit a worker is asked; a lost job is found by the sweeper.
    """
    from conversations.tasks import run_import

    try:
        size = upload.stat().st_size
        check_may_import(actor, size)
        with open_source(upload):
            pass
        job = ImportJob(
            workspace_id=actor.workspace_id,
            owner_id=actor.user_id,
            file_name=_shown_name(file_name),
            size_bytes=size,
            heartbeat_at=timezone.now(),
        )
        kept = imports_folder() / job.id.hex
        job.path = str(kept.relative_to(settings.VAR_DIR))
        with transaction.atomic():
            job.save(force_insert=True)
            upload.rename(kept)
            enqueue_on_commit(run_import, str(job.id))
        return job
    except IntegrityError as error:
        upload.unlink(missing_ok=True)
        raise ImportRunning from error
    except (ArchiveRefused, ImportRunning, ImportTooLarge, RateLimited, Unavailable):
        upload.unlink(missing_ok=True)
        raise


def file_of(job: ImportJob) -> Path | None:
    """The upload, while there is one."""
    return settings.VAR_DIR / job.path if job.path else None


def _shown_name(name: str) -> str:
    """For showing only: no path, no control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:200] or "archive"
