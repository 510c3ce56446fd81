"""Every address is declared, with who may."""

from __future__ import annotations

from typing import Any

from chatplatform.gallery.urls import for_developers
from tests.road.tenancy.admin_tables import TABLES
from tests.road.tenancy.routes import FOR_DEVELOPERS, ROUTES, Policy, every_address

DEEDS = ("changelist", "add", "history", "delete", "change")


def test_every_address_is_declared() -> None:
    here = {address.name for address in every_address() if not of_a_table(address.name)}
    assert here - ROUTES.keys() == set(), "new: say in tests/road/tenancy/routes.py who may"
    assert ROUTES.keys() - here == set(), "gone: take it out of tests/road/tenancy/routes.py"


def test_what_names_a_thing_is_not_declared_as_ones_own() -> None:
    for address in every_address():
        if not of_a_table(address.name) and (policy := ROUTES[address.name].policy) is not Policy.OPERATORS:
            assert bool(address.arguments) == (policy in (Policy.OWNED, Policy.SIGNED)), f"{address.pattern}: {policy.value}"


def test_the_gallery_is_for_developers_alone(settings: Any) -> None:
    assert for_developers() == []
    settings.DEBUG = True
    assert {pattern.name for pattern in for_developers()} == FOR_DEVELOPERS


def of_a_table(name: str) -> bool:
    """Of a model in the admin: declared by its table there."""
    named = {f"admin:{table.replace('.', '_').lower()}_{deed}" for table in TABLES for deed in DEEDS}
    return name in named or name in {f"admin/{table.replace('.', '/').lower()}/<path:object_id>/" for table in TABLES}
