"""What was imported before."""

from __future__ import annotations

from datetime import date

from usage.models import ProviderReport
from usage.reports.plan import ReportFile

_MOST = 5


def reports_of_days(file: ReportFile, first: date | None, last: date | None) -> list[ProviderReport]:
    """Imports that spoke about some of these days already, the latest first: a file older than they are would turn them back."""
    if first is None or last is None:
        return []
    found = ProviderReport.objects.filter(provider=file.provider, first_day__lte=last, last_day__gte=first)
    return list(found.select_related("imported_by").order_by("-id")[:_MOST])
