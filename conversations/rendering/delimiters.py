"""How many opening delimiters of a formula have no partner.

`math_core` (0.9) tries each of them in two ways, with and without a partner, and so needs time in the order of 2 to the power of their
number: thirty open parentheses are an hour. Formulas of people have none, or one for each `[0, 1)`.
"""

from __future__ import annotations

import re
from unicodedata import category

MOST_UNPAIRED = 10
_TOKEN = re.compile(r"\\([lr])([A-Za-z]+)|\\([ul])([lr])corner|\\?([()\[\]{}⌈-⌋❲❳⟅⟆⟦-⟯⦃-⦘⧘-⧛⧼⧽])|\\.", re.S)
# Commands that begin like `\lfloor` and `\rfloor`, and open and close nothing.
_OTHERS = re.compile(
    r"(?:abel|ambda|and|ast|dot|e(?![A-Za-z])|ef|eft|ess|eq|g(?![A-Za-z])|h[do]|ight|im|l(?![A-Za-z])|n(?![A-Za-z])|neq|not|o[gnoptz]|or|sh|t)|"
    r"(?:aisebox|equire|isingdotseq|m(?![A-Za-z])|ule)"
)


def has_many_unpaired(tex: str) -> bool:
    """More opening delimiters without a partner, at any place, than a formula has."""
    unpaired: dict[str, int] = {}
    for side, name, upper, corner_side, sign in _TOKEN.findall(tex):
        if sign:
            is_open = sign in "([{" or (sign > "\x7f" and category(sign) == "Ps")
            kind = sign if is_open else {")": "(", "]": "[", "}": "{"}.get(sign) or chr(ord(sign) - 1)
        elif upper:
            kind, is_open = upper, corner_side == "l"
        elif name and not _OTHERS.match(name):
            kind, is_open = name, side == "l"
        else:
            continue
        unpaired[kind] = max(0, unpaired.get(kind, 0) + (1 if is_open else -1))
        if is_open and sum(unpaired.values()) > MOST_UNPAIRED:
            return True
    return False
