"""Compare a provider's report with the ledger: what an import of it would post. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import IO

from django.utils import timezone

from usage.reports.compare import Coverage, DayReport, difference
from usage.reports.names import ModelNames
from usage.reports.plan import CallChange, DayComparison, Plan, ReportFile, Unmatched
from usage.reports.read import read_report
from usage.reports.types import Limits, ReportLine, Span, UnreadableReport
from usage.selectors import reconciliation as ledger
from usage.services.reconciliation_rows import carry_day, correct_call, take_back
from usage.types import Confidence

_BATCH = 1000
MOST_DAYS = 50_000  # of models: a year of a hundred models


def plan_reconciliation(file: ReportFile, content: IO[bytes], *, now: datetime | None = None, limits: Limits | None = None) -> Plan:
    """What importing the file now would post, to the last decimal, and what of it the ledger does not know.

    Rows that name a call are compared with that call; sums of a day with what all workspaces used of that model on that day of
    UTC, as far as the day is over and the report covers all of it. A report that was posted already differs in nothing, so a
    second import posts nothing and a corrected one only what is new. Raises `UnreadableReport`.
    """
    plan = Plan(file)
    days: dict[tuple[date, str], DayReport] = {}
    covered = Coverage()
    calls: list[ReportLine] = []
    seen: set[str] = set()
    for line in read_report(file.source, content, limits, label=file.label):
        if isinstance(line, Span):
            covered.add(line)
            plan.see(line.starts_at.date())
            continue
        plan.rows += 1
        plan.see(line.day)
        if not line.call_id:
            _add_to_day(days, line)
            continue
        if line.call_id in seen:
            raise UnreadableReport("This call was in the report before.", line.row)
        seen.add(line.call_id)
        calls.append(line)
        if len(calls) == _BATCH:
            _compare_calls(plan, calls)
            calls = []
    _compare_calls(plan, calls)
    _compare_days(plan, days, covered, (now or timezone.now()).date())
    return plan


def _add_to_day(days: dict[tuple[date, str], DayReport], line: ReportLine) -> None:
    key = (line.day, line.model)
    if key not in days:
        if len(days) == MOST_DAYS:
            raise UnreadableReport("These are too many days and models for one report. Split it by time.", line.row)
        days[key] = DayReport(line.day, line.model, line.row)
    days[key].add(line)


def _compare_calls(plan: Plan, lines: list[ReportLine]) -> None:
    known = ledger.calls_named(plan.file.provider, [line.call_id for line in lines]) if lines else {}
    for line in lines:
        found = known.get(line.call_id, [])
        if len(found) != 1:
            why = "Several calls of the ledger have this name." if found else "No call of the ledger has this name."
            plan.miss(Unmatched(line.row, line.day, line.call_id, why, line.cost))
            continue
        (call,) = found
        estimated = call.entry.confidence == Confidence.ESTIMATED and not call.covered
        # What the provider itself counted while it answered is better than a count by another tokenizer.
        tokens = line.tokens if estimated or line.native_tokens else None
        off = difference(tokens, line.cost, call.now, line.slack)
        if not off and not estimated:
            plan.calls_confirmed += 1
            continue
        if off:
            entry = call.entry
            plan.calls.append(CallChange(line.row, line.call_id, entry.called_at, entry.model, call.now, off, estimated))
        else:
            plan.calls_confirmed += 1
        plan.adjustments += correct_call(call, off, line.row)


def _compare_days(plan: Plan, days: dict[tuple[date, str], DayReport], covered: Coverage, today: date) -> None:
    provider, usable = plan.file.provider, set()
    for day in covered.days:
        if not covered.is_whole(day):
            plan.note(f"{day}: the report does not cover the whole day (UTC), so it was not compared.")
        elif day >= today:
            plan.note(f"{day}: the day is not over yet (UTC), so it was not compared.")
        else:
            usable.add(day)
    reports = _by_ledger_name(plan, (report for report in days.values() if report.day in usable))
    if not usable:
        return
    first, last = min(usable), max(usable)
    ours, platform = ledger.sums_by_day(provider, first, last), ledger.platform_sums(provider, first, last)
    revisions, estimates = ledger.times_reported(provider, first, last), ledger.open_estimates(provider, reports)
    by_workspace = ledger.sums_by_workspace(provider, first, last) if plan.file.share else {}
    guesses = ledger.sums_by_workspace(provider, first, last, Confidence.ESTIMATED) if plan.file.share else {}
    if not plan.file.label:
        _note_unmentioned(plan, [key for key, used in ours.items() if used.calls and key[0] in usable and key not in reports])
    for key, report in sorted(reports.items()):
        of_ledger, of_platform = ours.get(key, ledger.NONE), platform.get(key, ledger.NONE)
        off = difference(report.tokens, report.cost, of_ledger + of_platform, report.slack)
        unsure = estimates.get(key, [])
        plan.days.append(DayComparison(report, key[1], of_ledger, of_platform, off, len(unsure)))
        settled = carry_day(plan, plan.days[-1], by_workspace.get(key, {}), guesses.get(key, {}), revisions.get(key, 0) + 1)
        if settled and report.tokens is not None:
            plan.adjustments += [row for call in unsure for row in take_back(call, report.row)]


def _note_unmentioned(plan: Plan, keys: list[tuple[date, str]]) -> None:
    """What the report is silent about is no zero: it may be of tokens where a model has none, or of another account."""
    for day, model in sorted(keys):
        plan.note(f"{day}: the ledger has calls of {model}, the report no row.")


def _by_ledger_name(plan: Plan, reports: Iterable[DayReport]) -> dict[tuple[date, str], DayReport]:
    """The sums under the ledger's names. A model that was never called from here is listed: whoever used it, it was not a workspace."""
    names = ModelNames(ledger.models_of(plan.file.provider))
    found: dict[tuple[date, str], DayReport] = {}
    for report in reports:
        model = names.find(report.model)
        if model is None:
            used = report.cost or (report.tokens is not None and report.tokens.total)
            if used:
                plan.miss(Unmatched(report.row, report.day, report.model, "No workspace ever called this model.", report.cost))
        elif (report.day, model) in found:
            found[report.day, model].join(report)
        else:
            found[report.day, model] = report
    return found
