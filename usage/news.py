"""Tell the pages of a workspace that its figures have changed."""

from __future__ import annotations

import functools
import logging
from uuid import UUID

import redis
from django.db import transaction

from accounts.selectors import member_ids
from core.redis import get_redis
from realtime.services import publish
from realtime.types import LiveEvent, Topic

logger = logging.getLogger(__name__)

USAGE = "usage"  # type of the event; its data: `warning`, the percent that were reached, 0 when it is none
_QUIET_MS = 1000


def tell(workspace_id: UUID, *, warning: int = 0) -> None:
    """Once the transaction has committed: every page of every member asks for its meter again.

    At most once a second for a workspace, but for warnings; a page asks again a little later too, so it misses nothing.
    The event carries no figures: what a person may see is asked for with their own session. Best effort.
    """
    transaction.on_commit(functools.partial(_tell, workspace_id, warning))


def _tell(workspace_id: UUID, warning: int) -> None:
    try:
        first = get_redis().set(f"usage:told:{workspace_id}", 1, nx=True, px=_QUIET_MS)
    except redis.RedisError as error:
        logger.warning("Pages were not told about usage", extra={"cause": repr(error)})
        return
    if first or warning:
        publish(*(LiveEvent(Topic("user", user_id), USAGE, {"warning": warning}) for user_id in member_ids(workspace_id)))
