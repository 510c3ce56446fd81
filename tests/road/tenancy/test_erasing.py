"""Whoever is erased leaves what the ledger needs and nothing else: of every model as `belongings.py` declares it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Membership, User
from accounts.services.erase_people import erase_person
from accounts.types import Actor
from tests.road.tenancy.belongings import BELONGINGS, owned_models, rows_of
from tests.road.tenancy.cast import Cast
from tests.road.tenancy.possessions import Possessions
from tests.road.tenancy.words import WORD
from tests.road.traces import traces
from usage.services import audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("road")]
# Where the id of somebody who is gone stays: it leads nowhere.
ID_STAYS = {"accounts_securityevent", "django_admin_log"}


def test_of_every_model_nothing_is_left_but_what_is_declared_to_stay(cast: Cast, possessions: Possessions) -> None:
    owner, others = cast.actor(), User.objects.exclude(pk=cast.actor().user_id).count()
    assert len(traces(WORD)) > 15, "it looks where they are"
    staying = {model._meta.label for model in owned_models() if BELONGINGS[model._meta.label].stays}
    before = {model._meta.label: rows_of(model, owner).count() for model in owned_models()}
    erase(owner)
    left = {model._meta.label: rows_of(model, owner).count() for model in owned_models()}
    assert {label for label, count in left.items() if count} <= staying
    lost = {label for label in staying if left[label] < before[label]}
    assert lost <= {"accounts.Workspace", "usage.PendingEntry"}, "the ledger has lost rows"
    assert audit() == []
    assert traces(WORD) == []
    ids = {str(owner.user_id), owner.user_id.hex}
    assert set(traces(*ids)) <= ID_STAYS
    assert [path.name for path in settings.VAR_DIR.rglob("*") if path.is_file() and WORD.encode() in path.read_bytes()] == []
    assert User.objects.count() == others, "nobody else is gone"
    assert cast.mate.actor is not None
    assert Membership.objects.filter(user_id=cast.mate.actor.user_id).count() == 3


def erase(owner: Actor) -> None:
    """An answer that is being written is stopped and settled first."""
    User.objects.filter(pk=owner.user_id).update(deletion_due_at=timezone.now())
    assert not erase_person(owner.user_id)
    assert erase_person(owner.user_id)
