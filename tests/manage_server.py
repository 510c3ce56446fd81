"""`manage.py`, command after command in one process, for tests that need many: Django is set up once, not for each of them.

Reads a line of JSON (the arguments) and writes a line of JSON: what was printed, and whether it failed. Besides the commands of
`manage.py` it knows `arrive EMAIL PASSWORD HOST AGENT`: somebody signs up by the product's own view, and the answer is their cookies.
"""

from __future__ import annotations

import contextlib
import functools
import io
import ipaddress
import json
import os
import sys
import traceback
from typing import TYPE_CHECKING

from tests.quick_hashes import ONCE_HASHER

if TYPE_CHECKING:
    from django.test import Client

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatplatform.settings")
_networks = ipaddress.ip_network("198.18.0.0/15").hosts()  # kept for tests (RFC 2544)


def main() -> None:
    import django
    from django.conf import settings

    answers = sys.stdout
    django.setup()
    settings.PASSWORD_HASHERS = [ONCE_HASHER, *settings.PASSWORD_HASHERS]
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        said, failed = _arrive(*arguments) if name == "arrive" else _run([name, *arguments])
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


def _arrive(email: str, password: str, host: str, agent: str) -> tuple[str, bool]:
    """The cookies as JSON, or the page that says why not."""
    browser = _browser()
    browser.cookies.clear()
    # Each from a network of its own: so many sign-ups from one within a minute are refused, rightly.
    headers = {"host": host, "user-agent": agent}
    answer = browser.post("/accounts/signup/", {"email": email, "password1": password}, headers=headers, REMOTE_ADDR=str(next(_networks)))
    cookies = [{"name": cookie.key, "value": cookie.value, "path": cookie["path"]} for cookie in browser.cookies.values()]
    arrived = (answer.status_code, answer.get("location")) == (302, "/c/")
    return (json.dumps(cookies), False) if arrived else (answer.content.decode(), True)


@functools.cache
def _browser() -> Client:
    """One for all: with its first request each looks for all static files."""
    from django.test import Client

    return Client()


if __name__ == "__main__":
    main()
