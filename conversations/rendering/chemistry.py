"""Chemical formulas (`\\ce{2H2 + O2 -> 2H2O}`) in TeX: the part of mhchem that answers use."""

from __future__ import annotations

import re

_ARROWS = {"<=>": r"\rightleftharpoons", "<->": r"\leftrightarrow", "->": r"\rightarrow", "<-": r"\leftarrow"}
_PIECE = re.compile(
    r"\s*(?P<arrow><=>|<->|->|<-)(?:\[(?P<above>[^\[\]]*)\])?(?:\[(?P<below>[^\[\]]*)\])?\s*"
    r"|(?P<plus>\s+\+\s+)"
    r"|(?P<gas>\s\^(?=\s|$))|(?P<solid>\sv(?=\s|$))"
    r"|\((?P<state>s|l|g|aq)\)"
    r"|\^(?:\{(?P<long_charge>[^{}]*)\}|(?P<charge>\d*[+-]))"
    r"|_(?:\{(?P<long_index>[^{}]*)\}|(?P<index>\w))"
    r"|(?<=[A-Za-z)\]])(?P<count>\d+)"
    r"|(?<=[A-Za-z0-9)\]}])(?P<ion>[+-])(?=\s|$)"
    r"|(?P<letters>[A-Za-z]+)"
    r"|(?P<dot>\s*[*.]\s*(?=\d|[A-Z]))"
    r"|(?P<bond>[#=-])"
    r"|(?P<other>.)",
    re.S,
)


def chemistry_to_tex(source: str) -> str:
    """TeX that shows the same: letters upright, counts low, charges high, arrows with what stands on them."""
    return "{" + "".join(_piece(found) for found in _PIECE.finditer(source.strip())) + "}"


def _piece(found: re.Match[str]) -> str:
    kind, value = next((name, value) for name, value in found.groupdict().items() if value is not None)
    if kind == "arrow":
        return _arrow(value, found["above"], found["below"])
    if kind in ("long_charge", "charge", "ion"):
        return "^{" + value.replace("-", "{-}") + "}"
    if kind in ("long_index", "index", "count"):
        return "_{" + value + "}"
    if kind == "letters":
        return r"\mathrm{" + value + "}"
    if kind == "state":
        return r"\,(\mathrm{" + value + "})"
    fixed = {"plus": " + ", "gas": r"\,\uparrow ", "solid": r"\,\downarrow ", "dot": r"\cdot "}
    if kind == "bond":
        return {"#": r"{\equiv}", "=": "{=}", "-": "{-}"}[value]
    return fixed.get(kind, value)


def _arrow(arrow: str, above: str | None, below: str | None) -> str:
    if arrow == "->" and (above or below):
        under = rf"[\text{{{below}}}]" if below else ""
        return rf" \xrightarrow{under}{{\text{{{above or ' '}}}}} "
    return f" {_ARROWS[arrow]} "
