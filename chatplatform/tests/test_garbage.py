"""What a process has loaded is left alone; what it makes afterwards is collected as ever."""

from __future__ import annotations

import gc
import weakref

from core.garbage import keep_what_is_loaded, leave_garbage


class Knot:
    """Holds itself: only the collector frees it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_there_is_kept_out_of_sight_and_what_comes_later_is_collected() -> None:
    leave_garbage()
    assert not gc.isenabled()
    knot, before = Knot(), gc.get_freeze_count()
    keep_what_is_loaded()
    assert gc.isenabled()
    assert gc.get_freeze_count() > before
    assert not any(one is knot for one in gc.get_objects())
    later = weakref.ref(Knot())
    gc.collect()
    assert later() is None
