"""`manage.py`, command after command in one process, for tests that need many: Django is set up once, not for each of them.

Reads a line of JSON (the arguments) and writes a line of JSON: what was printed, and whether it failed. Besides the commands of
`manage.py` it knows `arrive EMAIL PASSWORD HOST AGENT`: somebody signs up by the product's own view, and the answer is their cookies.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import traceback

from tests.quick_hashes import ONCE_HASHER

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatplatform.settings")


def main() -> None:
    import django
    from django.conf import settings

    answers = sys.stdout
    django.setup()
    settings.PASSWORD_HASHERS = [ONCE_HASHER, *settings.PASSWORD_HASHERS]
    for line in sys.stdin:
        said, failed = _run(json.loads(line))
        print(json.dumps({"said": said, "failed": failed}), file=answers, flush=True)


def _run(arguments: list[str]) -> tuple[str, bool]:
    from django.core.management import ManagementUtility
    from django.db import connections

    printed, failed = io.StringIO(), False
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            if arguments[0] == "arrive":
                print(json.dumps(_arrive(*arguments[1:])))
            else:
                ManagementUtility(["manage.py", *arguments]).execute()
        except SystemExit as end:
            failed = end.code not in (None, 0)
        except Exception:
            traceback.print_exc()
            failed = True
        finally:
            connections.close_all()
    return printed.getvalue(), failed


def _arrive(email: str, password: str, host: str, agent: str) -> list[dict[str, str]]:
    from django.test import Client

    browser = Client(headers={"host": host, "user-agent": agent})
    answer = browser.post("/accounts/signup/", {"email": email, "password1": password})
    if (answer.status_code, answer.get("location")) != (302, "/c/"):
        raise RuntimeError(answer.content.decode())
    return [{"name": cookie.key, "value": cookie.value, "path": cookie["path"]} for cookie in browser.cookies.values()]


if __name__ == "__main__":
    main()
