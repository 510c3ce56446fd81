"""`manage.py reconcile FILE --provider openai`: compare a provider's own report with the ledger, and post the difference."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from usage.reports.plan import Plan, ReportFile, tokens_words
from usage.reports.types import Limits, ReportSource, UnreadableReport
from usage.selectors.figures import one_moment
from usage.services import plan_reconciliation, reconcile

LIMITS = Limits(file_bytes=512 * 1024 * 1024, rows=2_000_000)
DIFFERS, UNREADABLE = 2, 3


class Command(BaseCommand):
    """Exit status 0: nothing differs, or all was posted; 2: something differs and nothing was posted; 3: no readable report."""

    help = (
        "Compare a provider's own report with the ledger. Without --apply nothing is written. Exit status 0, 2 (differs) or 3 (unreadable)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV or JSON, as the provider gives it.")
        parser.add_argument("--provider", required=True, choices=[source.value for source in ReportSource], help="Whose report it is.")
        parser.add_argument("--calls-of", default="", help="Whose calls in the ledger it is about, if not the usual one's.")
        parser.add_argument("--only", default="", help="Only rows of this key, project or workspace.")
        parser.add_argument("--share", action="store_true", help="Differences of days go to the workspaces, in proportion to their use.")
        parser.add_argument("--apply", action="store_true", help="Post the adjustments.")

    def handle(self, *args: Any, file: Path, provider: str, calls_of: str, only: str, share: bool, apply: bool, **options: Any) -> None:
        source = ReportSource(provider)
        try:
            with file.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
                asked = ReportFile(source, file.name, file.stat().st_size, digest, calls_of or source.ledger_provider, only, share)
                plan = self._run(asked, content, apply)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=UNREADABLE) from error
        except UnreadableReport as error:
            raise CommandError(f"{file.name}: {error.message}", returncode=UNREADABLE) from error
        if plan.posts and not apply:
            raise CommandError("Nothing was written. Post it with --apply.", returncode=DIFFERS)

    def _run(self, asked: ReportFile, content: IO[bytes], apply: bool) -> Plan:
        if apply:
            report, plan = reconcile(asked, content, limits=LIMITS)
            self._print(plan)
            self.stdout.write(f"Posted as report {report.id}.")
            return plan
        with one_moment():
            plan = plan_reconciliation(asked, content, limits=LIMITS)
        self._print(plan)
        return plan

    def _print(self, plan: Plan) -> None:
        out = self.stdout.write
        out(f"{plan.file.name}: {plan.rows:,} rows, {plan.first_day or '-'} to {plan.last_day or '-'}, calls of {plan.file.provider}")
        for day in plan.days:
            words = "agrees" if day.agrees else f"{day.difference.cost:+f} USD {tokens_words(day.difference.tokens)}".rstrip()
            out(f"  {day.report.day}  {day.model}: {words}")
        for call in plan.calls:
            out(f"  {call.call_id}  {call.model}: {call.difference.cost:+f} USD {tokens_words(call.difference.tokens)}".rstrip())
        for row in plan.unmatched:
            out(f"  row {row.row}: {row.name}, {row.day}: {row.why}")
        for note in plan.notes:
            out(f"  {note}")
        out(f"Agree: {plan.confirmed:,}. Unknown here: {plan.unmatched_rows:,}.")
        out(f"For {plan.workspaces:,} workspaces: {len(plan.adjustments):,} rows, {plan.tokens:+,} tokens, {plan.cost:+f} USD.")
        out(f"For the platform: {len(plan.platform):,} rows, {plan.platform_tokens:+,} tokens, {plan.platform_cost:+f} USD.")
