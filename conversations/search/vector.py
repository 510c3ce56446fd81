"""A text as the tsvector that is stored, within PostgreSQL's limits."""

from __future__ import annotations

from conversations.search.words import words_of

# PostgreSQL refuses a tsvector of more than 1,048,575 bytes of words and positions, counts places up to 16,383 and keeps 255 of a word.
_BYTES = 900_000
_LAST_PLACE = 16_383
_PLACES = 255


def vector_of(text: str) -> str:
    """The text form of a tsvector; what goes beyond the limits of the type is left out, from the text's end."""
    places: dict[str, list[int]] = {}
    size = 0
    for word, position in words_of(text):
        known = places.get(word)
        if known is None:
            size += len(word.encode()) + 6
            if size > _BYTES:
                break
            places[word] = [min(position, _LAST_PLACE)]
        elif len(known) < _PLACES and position <= _LAST_PLACE:
            size += 2
            known.append(position)
    return " ".join(f"'{word}':{','.join(map(str, at))}" for word, at in places.items())
