"""Celery's command line, for the job processes: `python -m chatplatform.job --app chatplatform worker ...`.

The same as `python -m celery`, which works too, without the interactive shell (`celery amqp repl`) and its terminal library: they
would lie unused in each of three processes, some 6 MB each.
"""

from __future__ import annotations

import sys
from types import ModuleType


def main() -> None:
    no_shell = ModuleType("click_repl")
    no_shell.__dict__["register_repl"] = lambda commands: None
    sys.modules["click_repl"] = no_shell
    from celery.__main__ import main as celery

    celery()


if __name__ == "__main__":
    main()
