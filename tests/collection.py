"""While thousands of tests are collected nothing becomes garbage, and looking for it again and again takes half of the time."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from core.garbage import keep_what_is_loaded, leave_garbage

leave_garbage()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    collected = yield
    keep_what_is_loaded()
    return collected
