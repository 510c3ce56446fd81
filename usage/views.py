"""The meter, the page and the export, for people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.types import Actor, ActorRequest
from core.db_pool import in_db
from usage import export
from usage.periods import Span, month_of
from usage.selectors import ledger
from usage.selectors.balance import get_balance


@login_required
@require_safe
@never_cache
def meter(request: ActorRequest) -> HttpResponse:
    """What is left, as a fragment for other pages (`hx-get`)."""
    return render(request, "usage/_meter.html", {"balance": get_balance(request.actor.workspace_id)})


@login_required
@require_safe
@never_cache
def usage_page(request: ActorRequest) -> HttpResponse:
    """The running period: the meter and the totals by model, straight from the ledger."""
    now = timezone.now()
    models = ledger.totals_by_model(request.actor, month_of(now))
    figures = {
        "balance": get_balance(request.actor.workspace_id, now=now),
        "models": models,
        "tokens": sum(row.tokens for row in models),
        "cost": sum(row.cost for row in models),
        "answers": sum(row.answers for row in models),
        "now": now,
    }
    return render(request, "usage/usage.html", figures)


@login_required
@require_safe
@never_cache
def export_csv(request: ActorRequest) -> StreamingHttpResponse:
    """Every ledger entry of the running period, streamed in pages: memory stays flat however long it is."""
    span = month_of(timezone.now())
    headers = {
        "Content-Disposition": f'attachment; filename="usage-{span.starts_at:%Y-%m}.csv"',
        # Keeps Django's GZipMiddleware away: it packs every chunk of an asynchronous stream as a gzip file of its own
        # (Django 5.2), and browsers unpack the first one only.
        "Content-Encoding": "identity",
    }
    return StreamingHttpResponse(_csv(request.actor, span), content_type="text/csv; charset=utf-8", headers=headers)


async def _csv(actor: Actor, span: Span) -> AsyncIterator[str]:
    yield export.header()
    after: UUID | None = None
    while page := await in_db(ledger.page_after, actor, span, after):
        yield export.rows(page)
        after = page[-1].id
