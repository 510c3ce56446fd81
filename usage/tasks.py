"""Jobs of the meter. Each calls one service; all are safe to repeat and to run twice at once."""

from __future__ import annotations

import logging

from celery import shared_task

from usage import services

logger = logging.getLogger(__name__)


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
    """Compare every counter and every rollup with the ledger; an error in the log for each that is off."""
    for drift in services.audit():
        logger.error(
            "A usage counter differs from the ledger",
            extra={
                "workspace": str(drift.workspace_id),
                "period": drift.period_start.date().isoformat(),
                "counter": drift.counter,
                "recorded": str(drift.recorded),
                "actual": str(drift.actual),
            },
        )
    for found in services.audit_rollups():
        logger.error(
            "A rollup differs from the ledger",
            extra={
                "workspace": str(found.workspace_id),
                "day": found.day.date().isoformat(),
                "table": found.table,
                "grain_minutes": found.grain.value,
                "recorded": f"{found.tokens} tokens, {found.cost} USD",
                "actual": f"{found.tokens_in_ledger} tokens, {found.cost_in_ledger} USD",
            },
        )
