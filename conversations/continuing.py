"""Going on where an earlier answer ends: what the model is told, and how the two parts are joined."""

from __future__ import annotations

# A person's turn, because not every provider lets an answer be begun for the model.
INSTRUCTION = (
    "Your answer above broke off before its end. Go on exactly where it breaks off, with the very next characters, in the same language "
    "and layout: if it ends in the middle of a word, a list, a table or a block of code, go on in the middle of it. Begin with a space or "
    "a line break if one belongs there. Do not repeat anything, do not begin again, and say nothing about this request."
)
_SENTENCE_ENDS = ".,;:!?"


def seam(before: str, after: str) -> str:
    """What belongs between the earlier text and the new one: models often forget the space after a finished sentence or clause."""
    return " " if before[-1:] and before[-1] in _SENTENCE_ENDS and after[:1].isalpha() else ""
