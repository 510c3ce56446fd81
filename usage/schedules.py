"""What beat runs for this app: name -> (task, seconds between runs, or the time of day in UTC)."""

from datetime import time

SCHEDULE: dict[str, tuple[str, int | time]] = {
    "Give back what dead runners held": ("usage.expire_dead_leases", 30),
    "Add new calls to the hourly figures": ("usage.roll_up", 60),
    "Mail warnings about limits": ("usage.mail_warnings", 60),
    "Audit the ledger": ("usage.audit_ledger", time(3)),  # nightly, whenever the product was installed
}
