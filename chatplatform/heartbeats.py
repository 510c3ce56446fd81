"""Every job process says every few seconds that it lives; `/readyz` listens."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

import redis
from celery import signals

from core.redis import get_redis

logger = logging.getLogger(__name__)

EVERY_SECONDS = 3
ALIVE_SECONDS = 12
PROCESSES = ("generations", "worker", "beat")
_ours: list[str] = []
_QUEUE_TO_PROCESS = {"generations": "generations", "default": "worker"}


def alive(names: tuple[str, ...] = PROCESSES) -> dict[str, bool]:
    """Which processes have spoken within the last 12 s. Raises `redis.RedisError`."""
    values = get_redis().mget([_key(name) for name in names])
    return {name: value is not None for name, value in zip(names, values, strict=True)}


def _key(name: str) -> str:
    return f"alive:{name}"


def _beat_for(names: list[str]) -> None:
    while True:
        try:
            for name in names:
                get_redis().set(_key(name), "1", ex=ALIVE_SECONDS)
        except redis.RedisError as error:
            logger.debug("The heartbeat was not heard", extra={"cause": repr(error)})
        time.sleep(EVERY_SECONDS)


def _start(names: list[str]) -> None:
    _ours.extend(names)
    if names:
        threading.Thread(target=_beat_for, args=(names,), name="heartbeat", daemon=True).start()


@signals.worker_ready.connect
def _worker_ready(sender: Any = None, **_: object) -> None:
    queues = [queue.name for queue in sender.task_consumer.queues]
    _start([_QUEUE_TO_PROCESS[name] for name in queues if name in _QUEUE_TO_PROCESS])


@signals.beat_init.connect
def _beat_init(**_: object) -> None:
    _start(["beat"])


@signals.worker_shutdown.connect
def _worker_shutdown(**_: object) -> None:
    """Say goodbye, so that nobody counts on what is gone. Another worker of the same kind speaks up within 3 s."""
    try:
        for name in _ours:
            get_redis().delete(_key(name))
    except redis.RedisError as error:
        logger.debug("The goodbye was not heard", extra={"cause": repr(error)})
