"""What people are warned of now."""

from __future__ import annotations

from uuid import UUID

from usage.models import LimitWarning
from usage.types import LEVELS, Balance


def shown_level(workspace_id: UUID, balance: Balance) -> int:
    """The highest level of the running period that is true and that nobody has put away; 0 when there is none. One query at most."""
    if balance.percent_used < min(LEVELS):
        return 0
    warnings = LimitWarning.objects.filter(
        period__workspace_id=workspace_id,
        period__starts_at=balance.period_start,
        level__lte=balance.percent_used,
        dismissed_at__isnull=True,
    )
    return warnings.order_by("-level").values_list("level", flat=True).first() or 0
