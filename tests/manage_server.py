"""`manage.py`, command after command in one process, for tests that need many: Django is set up once, not for each of them.

Reads a line of JSON (the arguments) and writes a line of JSON: what was printed, and whether it failed.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import traceback

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatplatform.settings")


def main() -> None:
    answers = sys.stdout
    for line in sys.stdin:
        said, failed = _run(json.loads(line))
        print(json.dumps({"said": said, "failed": failed}), file=answers, flush=True)


def _run(arguments: list[str]) -> tuple[str, bool]:
    from django.core.management import ManagementUtility
    from django.db import connections

    printed, failed = io.StringIO(), False
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            ManagementUtility(["manage.py", *arguments]).execute()
        except SystemExit as end:
            failed = end.code not in (None, 0)
        except Exception:
            traceback.print_exc()
            failed = True
        finally:
            connections.close_all()
    return printed.getvalue(), failed


if __name__ == "__main__":
    main()
