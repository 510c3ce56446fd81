"""`manage.py rebuild_rollups`: make the figures of the usage page anew from the ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from usage.services import rebuild_rollups


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Command(BaseCommand):
    """People may go on chatting; pages stay right all the while."""

    help = "Replace the rollups of whole months by what the ledger says. Without options: of everybody, from the first entry on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", type=UUID, help="Only this one.")
        parser.add_argument("--since", type=_day, help="Only from the month of this day on (2026-11-01).")
        parser.add_argument("--until", type=_day, help="Only to the month of this day.")

    def handle(self, *args: Any, workspace: UUID | None, since: datetime | None, until: datetime | None, **options: Any) -> None:
        entries = rebuild_rollups(workspace_id=workspace, since=since, until=until, on_progress=self._say)
        self.stdout.write(f"The rollups now sum up {entries:,} ledger entries.")

    def _say(self, entries: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{entries:,} entries", ending="")
