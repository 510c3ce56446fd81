"""The meter and the page, for people."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.types import ActorRequest
from core.exceptions import InvalidInput
from usage import chart, page
from usage.breakdown import By
from usage.names import names_of
from usage.periods import month_of
from usage.ranges import RangeName, UsageRange, make_range
from usage.requests import Measure, read_choice, read_range
from usage.selectors.balance import get_balance
from usage.selectors.breakdown import get_breakdown
from usage.selectors.figures import one_moment
from usage.selectors.plans import public_plans
from usage.selectors.summary import get_summary
from usage.selectors.warnings import shown_level
from usage.services import dismiss_warnings


@login_required
@require_safe
@never_cache
def meter(request: ActorRequest) -> HttpResponse:
    """What is left, and what people are warned of, as a fragment for other pages (`hx-get`)."""
    workspace_id = request.actor.workspace_id
    balance = get_balance(workspace_id)
    return render(request, "usage/meter_fragment.html", {"balance": balance, "level": shown_level(workspace_id, balance)})


@login_required
@require_POST
def dismiss(request: ActorRequest) -> HttpResponse:
    """Put the notice about a limit away; the next level shows a new one."""
    dismiss_warnings(request.actor)
    return HttpResponse() if request.headers.get("HX-Request") == "true" else redirect("usage:page")


@login_required
@require_safe
@never_cache
def usage_page(request: ActorRequest) -> HttpResponse:
    """The figures of a range, in the person's time zone; exact to the last call. `usage.requests` says what may be asked."""
    actor, now = request.actor, timezone.now()  # asking for the actor makes the person's time zone the current one
    chosen, by, measure, error = _asked(request, now)
    with one_moment():
        summary = get_summary(actor, chosen, now=now)
        rows = get_breakdown(actor, summary, by)
    trend = chart.draw(chosen, summary.by_part(), measure.value)
    providers = names_of("provider", actor, list(summary.by_provider))
    context = {
        "summary": summary,
        "total": summary.total,
        "extra_cost": -summary.total.saved,
        "estimated": summary.estimated,
        "range": chosen,
        "query": page.range_query(chosen),
        "span": page.span_words(chosen, now),
        "of_the_plan": page.is_of_the_plan(summary),
        "range_tabs": page.range_tabs(chosen, by, measure.value),
        "by": by,
        "by_tabs": page.by_tabs(chosen, by, measure.value),
        "measure_tabs": page.measure_tabs(chosen, by, measure.value),
        "first_day": page.first_day(chosen),
        "last_day": page.last_day(chosen),
        # Refused days stay in the form, where they can be put right.
        "typed_first": request.GET.get("from", "") if error else "",
        "typed_last": request.GET.get("to", "") if error else "",
        "rows": rows,
        "buckets": page.bucket_rows(summary.total),
        "chart": trend,
        "series": page.series_names(trend, {key: name.text for key, name in providers.items()}) if trend else [],
        "balance": summary.balance,
        "plans": public_plans(),
        "level": shown_level(actor.workspace_id, summary.balance),
        "forecast": summary.forecast,
        "error": error,
    }
    return render(request, "usage/usage.html", context, status=400 if error else 200)


def _asked(request: ActorRequest, now: datetime) -> tuple[UsageRange, By, Measure, str]:
    """What the address asks for; where it makes no sense the running period, and what is wrong in words."""
    zone = timezone.get_current_timezone()
    try:
        chosen = read_range(request.GET, zone, now)
        return chosen, read_choice(request.GET, "by", By.MODEL), read_choice(request.GET, "chart", Measure.TOKENS), ""
    except InvalidInput as wrong:
        return make_range(RangeName.PERIOD, zone, now, month_of(now)), By.MODEL, Measure.TOKENS, wrong.message
