"""Pictures are decoded one at a time: what one needs in memory, twelve threads would need twelve times."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from accounts import pictures
from accounts.tests import picture_files as files
from core.exceptions import InvalidInput, Unavailable

PICTURE = files.encoded(files.plain())


def test_the_next_picture_waits_for_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_WAIT_SECONDS", 60.0)
    with ThreadPoolExecutor(2) as pool:
        with pictures._DECODING:
            made = [pool.submit(pictures.square_picture, PICTURE) for _ in range(2)]
            assert not wait(made, timeout=0.2).done
        assert len({one.result() for one in made}) == 1


def test_who_waits_too_long_is_told_so_and_a_broken_file_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_WAIT_SECONDS", 0.05)
    with pytest.raises(InvalidInput):
        pictures.square_picture(b"no picture")
    with pictures._DECODING, pytest.raises(Unavailable, match="try again in a moment"):
        pictures.square_picture(PICTURE)
    assert pictures.square_picture(PICTURE)
