"""The meter's doors. One use case, one file; this list is for importing them in one line."""

from usage.names import register_names
from usage.services.apply_plan import apply_plan
from usage.services.audit import audit
from usage.services.audit_rollups import audit_rollups
from usage.services.dismiss_warnings import dismiss_warnings
from usage.services.ensure_plans import ensure_plans
from usage.services.expire_dead_leases import expire_dead_leases
from usage.services.keep_audit import keep_audit
from usage.services.limit_requests import limit_requests
from usage.services.mail_warnings import mail_warnings
from usage.services.note_refusal import note_refusal
from usage.services.plan_reconciliation import plan_reconciliation
from usage.services.rebuild_rollups import rebuild_rollups
from usage.services.reconcile import reconcile
from usage.services.record_calls import record_calls
from usage.services.release import release
from usage.services.renew import renew
from usage.services.require_model import require_model
from usage.services.reserve import reserve
from usage.services.roll_out_plan import roll_out_plan
from usage.services.roll_up import roll_up
from usage.services.set_allowance import set_allowance
from usage.services.settle import settle
from usage.services.stage_report import stage_report, staged_report

__all__ = [
    "apply_plan",
    "audit",
    "audit_rollups",
    "dismiss_warnings",
    "ensure_plans",
    "expire_dead_leases",
    "keep_audit",
    "limit_requests",
    "mail_warnings",
    "note_refusal",
    "plan_reconciliation",
    "rebuild_rollups",
    "reconcile",
    "record_calls",
    "register_names",
    "release",
    "renew",
    "require_model",
    "reserve",
    "roll_out_plan",
    "roll_up",
    "set_allowance",
    "settle",
    "stage_report",
    "staged_report",
]
