"""What is in the ledger stays, whoever asks: our code, the ORM, or somebody with a database prompt."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from usage.exceptions import AppendOnly
from usage.models import Allowance, LedgerEntry
from usage.services import settle
from usage.tests.builders import call, make_actor, make_workspace
from usage.types import TokenBuckets

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> LedgerEntry:
    actor = make_actor()
    settle(None, call(actor.workspace_id, user_id=actor.user_id, buckets=TokenBuckets(output=9)))
    return LedgerEntry.objects.get()


REFUSED: list[Callable[[LedgerEntry], Any]] = [
    lambda entry: entry.save(),
    lambda entry: entry.delete(),
    lambda entry: LedgerEntry.objects.all().update(cost=0),
    lambda entry: LedgerEntry.objects.all().delete(),
    lambda entry: LedgerEntry.objects.filter(id=entry.id).delete(),
]


@pytest.mark.parametrize("attempt", REFUSED)
def test_the_model_refuses(entry: LedgerEntry, attempt: Callable[[LedgerEntry], Any]) -> None:
    with pytest.raises(AppendOnly):
        attempt(entry)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM usage_ledgerentry",
        "UPDATE usage_ledgerentry SET cost = 0",
        "UPDATE usage_ledgerentry SET model = 'cheaper'",
        "UPDATE usage_ledgerentry SET raw_usage = '{}'",
        "UPDATE usage_ledgerentry SET user_id = gen_random_uuid()",
        "UPDATE usage_ledgerentry SET user_id = NULL, tokens = 0, output = 0, cost = 0",
        "UPDATE usage_ledgerentry SET user_id = user_id",
    ],
)
def test_the_database_refuses(entry: LedgerEntry, statement: str) -> None:
    settle(None, call(entry.workspace_id, raw_usage={"some": "thing"}, user_id=entry.user_id))
    before = list(LedgerEntry.objects.values())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(LedgerEntry.objects.values()) == before


def test_erasing_a_person_keeps_the_spend_under_nobodys_name(entry: LedgerEntry) -> None:
    before = LedgerEntry.objects.values().get()
    get_user_model().objects.filter(id=before["user_id"]).delete()
    assert LedgerEntry.objects.values().get() == before | {"user_id": None}


def test_a_workspace_with_spend_cannot_be_deleted(entry: LedgerEntry) -> None:
    with pytest.raises(ProtectedError):
        entry.workspace.delete()


def test_a_workspace_that_never_spent_goes_with_its_allowance() -> None:
    workspace_id = make_workspace()
    allowance = Allowance.objects.get(workspace_id=workspace_id)
    with pytest.raises(ProtectedError):
        allowance.workspace.delete()  # its period is open
    unused = make_actor().workspace_id
    Allowance.objects.create(workspace_id=unused, plan_code="free", plan_name="Free", version=1)
    Allowance.objects.get(workspace_id=unused).workspace.delete()
    assert not Allowance.objects.filter(workspace_id=unused).exists()


@pytest.mark.parametrize("wrong", [{"cost": Decimal("0.000001")}, {"tokens": 8}, {"price_output": Decimal(14)}])
def test_the_database_checks_the_sums_of_every_row(entry: LedgerEntry, wrong: dict[str, Any]) -> None:
    values = LedgerEntry.objects.values().get() | {"id": None, "key": "another"} | wrong
    values.pop("id")
    with pytest.raises(IntegrityError, match=r"is_the_sum|are_the_sum"), transaction.atomic():
        LedgerEntry(**values).save()
