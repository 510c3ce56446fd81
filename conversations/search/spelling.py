"""Words that differ from a given one by a single typing error."""

from __future__ import annotations

_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяієґ",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "אבגדהוזחטיכלמנסעפצקרשתםןףץך",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
)
_SHORTEST, _LONGEST = 4, 24


def neighbours(word: str) -> list[str]:
    """One letter lost, added, changed, or two swapped: about 400 words for one of seven letters. None for short words and numbers."""
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha():
        return []
    letters = next((alphabet for alphabet in _ALPHABETS if word[0] in alphabet), "")
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in cuts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    found |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in letters}
    found |= {head + letter + tail for head, tail in cuts for letter in letters}
    return sorted(found - {word})
