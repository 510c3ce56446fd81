"""The one door to a provider's report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from usage.reports import anthropic, openai, openrouter
from usage.reports.types import Limits, ReportLine, ReportSource, Span, UnreadableReport

_HEAD = 512
_READERS: dict[ReportSource, Callable[[IO[bytes], bytes, Limits], Iterator[ReportLine | Span]]] = {
    ReportSource.OPENAI: openai.read,
    ReportSource.ANTHROPIC: anthropic.read,
    ReportSource.OPENROUTER: openrouter.read,
}


def read_report(source: ReportSource, file: IO[bytes], limits: Limits | None = None, *, label: str = "") -> Iterator[ReportLine | Span]:
    """The lines of a report, and the spans of time that it speaks about, as they are read. `file` can be sought.

    With a `label` only the lines of that key, project or workspace. Raises `UnreadableReport` where the first thing is wrong:
    nothing of a file that is broken anywhere may be used.
    """
    limits = limits or Limits()
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if not head.strip():
        raise UnreadableReport("The file is empty.")
    for line in _READERS[source](file, head, limits):
        if isinstance(line, Span) or not label or label in line.labels:
            yield line
