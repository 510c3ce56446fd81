"""What the splitter hands out."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.rendering import lines
from conversations.rendering.fences import Fence

# Stands for the end of a formula that has not come.
OPEN = "…"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the answer: Markdown `source`, or a `fence`. `as_source`: show it as text, it would cost too much otherwise.
    `formula`: the source is one formula, which ends with this mark (if it has come)."""

    source: str = ""
    fence: Fence | None = None
    as_source: bool = False
    formula: str = ""

    @property
    def tex(self) -> str:
        """What stands between the marks of a formula."""
        return self._parts[0]

    @property
    def after(self) -> str:
        """The punctuation behind a formula; an ellipsis when its end has not come."""
        return self._parts[1]

    @property
    def _parts(self) -> tuple[str, str]:
        body = self.source.lstrip(" ")[2:]
        end = lines.FORMULA_ENDS[self.formula].search(body)
        return (body, OPEN) if end is None else (body[: end.end() - 2], body[end.end() :].strip())
