"""`manage.py audit_ledger`: prove that every counter equals its ledger and its live holds, and every rollup its ledger."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from usage.services import audit, audit_rollups


class Command(BaseCommand):
    """Prints drift by workspace; exit status 1 on any. Rollups that are off are put right by `rebuild_rollups`."""

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
        rollups = audit_rollups()
        for found in rollups:
            self.stdout.write(
                f"Workspace {found.workspace_id}\n  {found.day:%Y-%m-%d}  {found.table} by {found.grain.value} minutes: "
                f"{found.tokens} tokens and {found.cost:f} USD, the ledger says {found.tokens_in_ledger} and {found.cost_in_ledger:f}"
            )
        if drifts or rollups:
            raise CommandError(f"{len(drifts)} of the counters and {len(rollups)} days of rollups drifted.", returncode=1)
        self.stdout.write("Every counter equals its ledger and its holds.")
        self.stdout.write("Every rollup equals its ledger.")
