"""Which model of the ledger a report means.

Reports name dated snapshots (`gpt-4.1-2025-04-14`, `claude-haiku-4-5-20251001`) or write as people do ("Claude Haiku 4.5"); the
ledger has the id that was asked for. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

_DATE = re.compile(r"-(20\d{2})-?(\d{2})-?(\d{2})$")
_NO_LETTER = re.compile(r"[^a-z0-9/:]+")


class ModelNames:
    """The models of one provider in the ledger."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._by_form: dict[str, set[str]] = defaultdict(set)
        self._by_family: dict[str, set[str]] = defaultdict(set)
        for name in self._known:
            self._by_form[_form(name)].add(name)
            self._by_family[_family(name)].add(name)

    def find(self, reported: str) -> str | None:
        """The ledger's id: the same one, the same in another spelling, or the only one of that family. None: nobody asked for it."""
        if reported in self._known:
            return reported
        for found in (self._by_form.get(_form(reported)), self._by_family.get(_family(reported))):
            if found and len(found) == 1:
                return next(iter(found))
        return None


def _form(name: str) -> str:
    """Spelling apart: `Claude Haiku 4.5` and `claude-haiku-4-5`; dates without dashes."""
    plain = _NO_LETTER.sub("-", name.lower()).strip("-")
    return _DATE.sub(r"-\1\2\3", plain)


def _family(name: str) -> str:
    """Without the date of the snapshot."""
    return _DATE.sub("", _form(name))
