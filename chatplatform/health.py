"""Is it alive, is it ready, how is it doing."""

from __future__ import annotations

import hmac
import logging

import prometheus_client
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from psycopg_pool import PoolTimeout

from chatplatform import heartbeats

logger = logging.getLogger(__name__)

_migrated = False


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Alive: touches nothing."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every dependency answers, 503 otherwise; `checks` says which, as `ok` or what is wrong."""
    checks = {"database": _database(), "redis": _redis(), "migrations": _migrations()}
    checks |= _processes()
    ready = all(value == "ok" for value in checks.values())
    return JsonResponse({"status": "ok" if ready else "unavailable", "checks": checks}, status=200 if ready else 503)


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures of this process, for a scraper that knows `METRICS_TOKEN` (bearer), or for staff. Else 404."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not (token and hmac.compare_digest(token.encode(), given.encode())) and not getattr(request.user, "is_staff", False):
        raise Http404
    return HttpResponse(prometheus_client.generate_latest(), content_type=prometheus_client.CONTENT_TYPE_LATEST)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, PoolTimeout) as error:
        logger.warning("The database does not answer", extra={"cause": repr(error)})
        return "does not answer"
    return "ok"


def _redis() -> str:
    try:
        cache.get("readyz")
    except redis.RedisError as error:
        logger.warning("Redis does not answer", extra={"cause": repr(error)})
        return "does not answer"
    return "ok"


def _migrations() -> str:
    """Once they are all applied they stay applied for as long as this process runs."""
    global _migrated
    if _migrated:
        return "ok"
    try:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, PoolTimeout):
        return "unknown"
    return "ok" if _migrated else "not applied"


def _processes() -> dict[str, str]:
    try:
        return {name: "ok" if ok else "not running" for name, ok in heartbeats.alive().items()}
    except redis.RedisError:
        return dict.fromkeys(heartbeats.PROCESSES, "unknown")
