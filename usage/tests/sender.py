"""A worker that may be killed: python -m usage.tests.sender FIRST LAST WORKSPACE..., for `test_race.py`.

Send n belongs to the workspace n modulo their number. Each holds 100 tokens, waits a little, and settles 60; a line on stdout for each end.
"""

from __future__ import annotations

import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

HELD, USED, THREADS = 100, 60, 8


def send(number: int, workspaces: list[str]) -> None:
    from usage.exceptions import QuotaExceeded
    from usage.services import reserve, settle
    from usage.tests.builders import call, hold

    workspace, key = UUID(workspaces[number % len(workspaces)]), f"send {number}"
    try:
        reserve(hold(workspace, HELD, "0.01", key=key))
    except QuotaExceeded:
        end = "refused"
    else:
        time.sleep(random.random() / 20)
        settle(key, call(workspace, key=key, output=USED))
        end = "settled"
    sys.stdout.write(f"{end}\n")
    sys.stdout.flush()


def main() -> None:
    import django

    django.setup()
    first, last, *workspaces = sys.argv[1:]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda number: send(number, workspaces), range(int(first), int(last))))


if __name__ == "__main__":
    main()
