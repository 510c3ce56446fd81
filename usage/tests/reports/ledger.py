"""What the ledger has come to."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from usage.models import LedgerEntry
from usage.services import audit, audit_rollups, roll_up


def used(workspace: UUID) -> tuple[int, Decimal]:
    """Tokens and USD of all its rows."""
    rows = LedgerEntry.objects.filter(workspace_id=workspace)
    return sum(row.tokens for row in rows), sum((row.cost for row in rows), Decimal(0))


def exact() -> bool:
    """Counters and rollups are the ledger, before and after adding up."""
    before = audit() == [] and audit_rollups() == []
    roll_up()
    return before and audit() == [] and audit_rollups() == []
