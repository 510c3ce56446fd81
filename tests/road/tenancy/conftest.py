"""One product for each file of tests: everything in it is committed, and nothing that is refused may change it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from core.redis import get_redis
from tests.road.house import road
from tests.road.tenancy.cast import Cast, people
from tests.road.tenancy.possessions import Possessions, everything_of

__all__ = ["road"]


@pytest.fixture(scope="module")
def cast(road: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    with django_db_blocker.unblock():
        for key in get_redis().scan_iter("rate:*"):
            get_redis().delete(key)
        yield people()


@pytest.fixture(scope="module")
def possessions(cast: Cast, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Possessions]:
    from django.conf import settings

    patch = pytest.MonkeyPatch()
    folder: Path = tmp_path_factory.mktemp("var")
    patch.setattr(settings, "VAR_DIR", folder)
    with django_db_blocker.unblock():
        yield everything_of(cast.actor())
    patch.undo()
