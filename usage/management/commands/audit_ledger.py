"""`manage.py audit_ledger`: prove that every counter equals its ledger and its live holds."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from usage.services import audit


class Command(BaseCommand):
    """Prints drift by workspace; exit status 1 on any."""

    help = "Recompute every usage counter from the ledger and the live holds. Prints drift per workspace, exit status 1 on any."

    def handle(self, *args: Any, **options: Any) -> None:
        drifts = audit()
        for workspace_id, group in groupby(drifts, key=lambda drift: drift.workspace_id):
            self.stdout.write(f"Workspace {workspace_id}")
            for drift in group:
                self.stdout.write(
                    f"  period from {drift.period_start:%Y-%m-%d}  {drift.counter}: "
                    f"recorded {drift.recorded:f}, ledger and holds say {drift.actual:f} (off by {drift.difference:+f})"
                )
        if drifts:
            raise CommandError(f"{len(drifts)} of the counters drifted.", returncode=1)
        self.stdout.write("Every counter equals its ledger and its holds.")
