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

from django.db import close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
_executor = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="db")


def _with_connection(function: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return function()
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
