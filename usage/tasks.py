"""Jobs of the meter. Each calls one service; all are safe to repeat and to run twice at once."""

from __future__ import annotations

from celery import shared_task

from usage import services


@shared_task(name="usage.expire_dead_leases")
def expire_dead_leases() -> None:
    """The janitor's round."""
    services.expire_dead_leases()


@shared_task(name="usage.roll_up")
def roll_up() -> None:
    """Add new ledger entries to the hourly figures."""
    services.roll_up()


@shared_task(name="usage.mail_warnings")
def mail_warnings() -> None:
    """Mails about limits that come near: after a settlement, and every minute what is to be tried again."""
    services.mail_warnings()


@shared_task(name="usage.audit_ledger")
def audit_ledger() -> None:
    """Compare every counter and every rollup with the ledger, and keep what was found."""
    services.keep_audit()
