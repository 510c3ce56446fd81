"""What one answer did on the wire, as its reader saw it."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field


@dataclass(slots=True)
class AnswerLog:
    """Times are `time.time_ns()`. `moments` are the arrivals of the fragments, `faults` what was wrong with them."""

    marker: str
    seed: int
    tokens: int
    sent: int = 0
    posted: int = 0
    ended: int = 0
    position: int = 0  # characters so far
    moments: array[int] = field(default_factory=lambda: array("q"))
    shown: array[int] = field(default_factory=lambda: array("q"))  # of the fragments that changed what is seen
    closed: list[str] = field(default_factory=list)
    final: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.moments[0] if self.moments else 0
