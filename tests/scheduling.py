"""Which worker of pytest-xdist gets what, and when: tests of one file stay together, and so do all that break one house."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

ONE_HOUSE = "tests/chaos/"  # a product with all its processes and servers, which takes twenty seconds to build
A_HOUSE_OF_ITS_OWN = f"{ONE_HOUSE}test_sign_in_flood.py"
# Who begins one of these last lets the other workers stand idle at the end; those that mostly wait are not to do so at one time.
BEGIN_FIRST = (
    ONE_HOUSE,
    "tests/road/tenancy/",
    A_HOUSE_OF_ITS_OWN,
    "chatplatform/tests/test_bin_run.py",
    "chatplatform/tests/test_supervisor.py",
    "tests/road/test_faults.py",
    "accounts/tests/test_same_time.py",
    "chatplatform/tests/test_embedded_manage.py",
    "tests/road/",
    "tests/browser/test_every_page.py",
    "tests/browser/test_gallery.py",
    "tests/browser/test_second_step.py",
    "tests/browser/test_queue.py",
)


class ByHouse(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """As by file, but for the tests of `ONE_HOUSE`, which are one piece of work."""

    def _split_scope(self, nodeid: str) -> str:
        together = nodeid.startswith(ONE_HOUSE) and not nodeid.startswith(A_HOUSE_OF_ITS_OWN)
        return ONE_HOUSE if together else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByHouse | None:
    return ByHouse(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        starts = [start for start in BEGIN_FIRST if item.nodeid.startswith(start)]
        return BEGIN_FIRST.index(max(starts, key=len)) if starts else len(BEGIN_FIRST)

    items.sort(key=place)
