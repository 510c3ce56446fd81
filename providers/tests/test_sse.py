"""However a stream is cut into pieces, the same events come out."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.sse import LARGEST_EVENT_BYTES, Splitter

# Data lines as providers send them: anything but line ends.
LINE = st.text(st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"]), max_size=12)
EVENT = st.lists(LINE, min_size=1, max_size=3)
NOISE = st.sampled_from([": a comment", ":", "event: delta", "id: 7", "retry: 10", "unknown", ""])
END = st.sampled_from(["\n", "\r\n", "\r"])


def split(pieces: list[bytes]) -> list[bytes]:
    splitter = Splitter()
    return list(itertools.chain.from_iterable(splitter.feed(piece) for piece in pieces))


@settings(deadline=None)
@given(events=st.lists(EVENT, max_size=6), noise=st.lists(NOISE, min_size=8, max_size=8), end=END, cuts=st.data(), mark=st.booleans())
def test_any_stream_cut_anywhere_gives_its_events(
    events: list[list[str]], noise: list[str], end: str, cuts: st.DataObject, mark: bool
) -> None:
    text = "\ufeff" if mark else ""
    for number, lines in enumerate(events):
        extra = noise[number]
        text += "".join(f"{line}{end}" for line in ([extra] if extra else []) + [f"data: {line}" for line in lines]) + end
    stream = text.encode()
    places = cuts.draw(st.lists(st.integers(0, len(stream)), max_size=12).map(sorted))
    pieces = [stream[a:b] for a, b in itertools.pairwise([0, *places, len(stream)])]
    assert split(pieces) == ["\n".join(lines).encode() for lines in events]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_stream_in_tiny_pieces(size: int) -> None:
    stream = 'event: x\r\ndata: {"a":"ä"}\r\n\r\n: ping\r\n\r\ndata:two\r\ndata\r\ndata: lines\r\n\r\n'.encode()
    pieces = [stream[i : i + size] for i in range(0, len(stream), size)]
    assert split(pieces) == ['{"a":"ä"}'.encode(), b"two\n\nlines"]


def test_an_event_without_its_end_is_no_event() -> None:
    assert split([b"data: one\n\ndata: tw"]) == [b"one"]


def test_an_endless_event_is_refused_instead_of_filling_the_memory() -> None:
    splitter = Splitter()
    splitter.feed(b"x" * LARGEST_EVENT_BYTES)
    with pytest.raises(ValueError, match="more than"):
        splitter.feed(b"x")
