"""The figures of a range, told apart by one thing. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from usage.figures import Figures


class By(enum.StrEnum):
    MODEL = "model"
    PROVIDER = "provider"
    PURPOSE = "purpose"
    CONVERSATION = "conversation"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `reference` is for machines (empty: nothing in particular), `name` for people."""

    reference: str
    name: str
    figures: Figures
    url: str = ""
    note: str = ""
