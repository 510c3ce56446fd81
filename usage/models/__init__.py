"""What a workspace may use, what it has set aside, and what it has spent.

A workspace that has holds or spend cannot be deleted (PROTECT, and a foreign key in the database): erasing a person
empties the workspace's name and owner, and its figures stay as a pseudonymous record.
"""

from usage.models.ledger import LedgerEntry, PendingEntry
from usage.models.meter import Allowance, Hold, Period, Plan
from usage.models.reports import LedgerAudit, PlatformEntry, ProviderReport, ReportedDay
from usage.models.rollups import PersonDay, Rollup, SubjectDay
from usage.models.warnings import LimitWarning

__all__ = [
    "Allowance",
    "Hold",
    "LedgerAudit",
    "LedgerEntry",
    "LimitWarning",
    "PendingEntry",
    "Period",
    "PersonDay",
    "Plan",
    "PlatformEntry",
    "ProviderReport",
    "ReportedDay",
    "Rollup",
    "SubjectDay",
]
