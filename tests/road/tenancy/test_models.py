"""Every model is declared, as it is; and the owner has something of each that can be somebody's."""

from __future__ import annotations

import pytest
from django.db.models import Field, Model

from accounts.models import User, Workspace
from tests.road.tenancy.belongings import BELONGINGS, every_model, owned_models, rows_of
from tests.road.tenancy.cast import Cast
from tests.road.tenancy.possessions import Possessions
from tests.road.tenancy.words import MEANT, WORD, columns_of_words
from tests.road.traces import traces

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("road")]
OF_SOMEBODY = {"workspace_id", "user_id", "owner_id", "subject_id", "actor_id", "author_id"}


def test_every_model_is_declared() -> None:
    here = {model._meta.label for model in every_model()}
    assert here - BELONGINGS.keys() == set(), "new: say in tests/road/tenancy/belongings.py whose its rows are"
    assert BELONGINGS.keys() - here == set(), "gone: take it out of tests/road/tenancy/belongings.py"
    assert MEANT.keys() <= here, "gone: take it out of tests/road/tenancy/words.py"


def test_every_lookup_leads_where_it_says() -> None:
    for model in owned_models():
        belongs = BELONGINGS[model._meta.label]
        for lookup, target in ((belongs.person, User), (belongs.workspace, Workspace)):
            if lookup:
                end = follow(model, lookup)
                assert target in (end.model, end.related_model) or end.name in OF_SOMEBODY, f"{model._meta.label}.{lookup}"


def test_every_column_that_names_a_person_or_a_workspace_is_declared() -> None:
    for model in every_model():
        belongs = BELONGINGS[model._meta.label]
        known = {*(lookup.partition("__")[0] for lookup in belongs.lookups), *belongs.also}
        for field in model._meta.concrete_fields:
            if field.related_model in (User, Workspace) or field.name in OF_SOMEBODY:
                assert known & {field.name, field.attname}, f"{model._meta.label}.{field.name}: say so in tests/road/tenancy/belongings.py"


def test_the_owner_has_something_of_everything_and_the_secret_word_is_in_it(cast: Cast, possessions: Possessions) -> None:
    holding = traces(WORD)
    for model in owned_models():
        assert rows_of(model, cast.actor()).exists(), f"{model._meta.label}: make one in tests/road/tenancy/possessions.py"
        if columns_of_words(model):
            table = model._meta.db_table
            assert table in holding or any(name.startswith(f"{table}_") for name in holding), f"no secret word in {table}"


def follow(model: type[Model], lookup: str) -> Field[object, object]:
    """The column at the end of a lookup."""
    first, _, rest = lookup.partition("__")
    field = model._meta.pk if first == "pk" else model._meta.get_field(first)
    return follow(field.related_model, rest) if rest else field  # type: ignore[arg-type, return-value]
