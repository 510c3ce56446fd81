"""Database work from an event loop.

asgiref's `sync_to_async` runs everything of one loop in one thread; a process with hundreds of streams needs a few
threads more, and few enough that it stays modest in database connections.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections
from psycopg_pool import ConnectionPool

P = ParamSpec("P")
T = TypeVar("T")

DATABASE_AWAY = (OperationalError, InterfaceError)
THREADS = 4
_executor = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="db")


def _with_connection(function: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return function()
    except DATABASE_AWAY:
        drop_broken_connections()
        raise
    finally:
        # With the psycopg pool this hands the connection back; a broken one is dropped there.
        connections.close_all()


async def in_db(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a synchronous function that uses the ORM in the small database pool, and await its result.

    Context variables are carried over. Under pytest's transactional tests this uses connections of its own.
    """
    context = contextvars.copy_context()
    call = functools.partial(function, *args, **kwargs)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_executor, functools.partial(context.run, _with_connection, call))


def drop_broken_connections() -> None:
    """After a failure of the database: throw away what it broke in the pool, so that nobody else stumbles over it later."""
    pool = connection.pool  # type: ignore[attr-defined]  # of Django's PostgreSQL backend
    if pool:
        pool.check()


def keep_connecting(pool: ConnectionPool) -> None:
    """When the pool gives up connecting: begin again while somebody waits. Its own pauses would grow as long as the outage."""
    if pool.get_stats().get("requests_waiting"):
        pool.check()
