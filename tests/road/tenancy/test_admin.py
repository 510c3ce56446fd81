"""The admin is for operators: others see the sign-in page, operators what they were allowed, and nobody changes what is only added to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import User
from tests.road.tenancy.admin_tables import TABLES
from tests.road.tenancy.asking import USUAL, Answer, ask, says_the_word
from tests.road.tenancy.cast import Cast, Person, person
from tests.road.tenancy.possessions import Possessions
from tests.road.tenancy.routes import ROUTES, Policy, every_address
from tests.road.tenancy.watch import Watch
from tests.road.tenancy.words import WORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("road")]
# One's own password, and what says nothing of anybody.
OF_EVERY_OPERATOR = {f"admin:{name}" for name in ("index", "login", "logout", "password_change", "password_change_done", "jsi18n")}
MODELS: dict[str, type[Model]] = {model._meta.label: model for model in admin.site._registry}


def test_every_table_is_declared_with_what_a_superuser_may() -> None:
    assert MODELS.keys() - TABLES.keys() == set(), "new: say in tests/road/tenancy/admin_tables.py what operators may do with it"
    assert TABLES.keys() - MODELS.keys() == set(), "gone: take it out of tests/road/tenancy/admin_tables.py"
    request = RequestFactory().get("/")
    request.user = User(is_staff=True, is_superuser=True)
    for label, model in MODELS.items():
        table = admin.site._registry[model]
        may = [table.has_add_permission(request), table.has_change_permission(request), table.has_delete_permission(request)]
        declared = TABLES[label]
        assert may == [declared.add, declared.change, declared.delete], label


def test_every_action_says_which_permission_it_needs() -> None:
    for label, model in MODELS.items():
        found: Any = admin.site._registry[model]._get_base_actions()  # type: ignore[attr-defined]
        actions = {name: getattr(deed, "allowed_permissions", None) for deed, name, _ in found}
        assert actions.pop("delete_selected") == ["delete"]
        assert {name: tuple(needs or ()) for name, needs in actions.items()} == {name: (need,) for name, need in TABLES[label].actions}, (
            label
        )


def pages(label: str) -> tuple[dict[str, str], dict[str, Any]]:
    """The pages of one table and of its first row, if there is one, and the fields that choose that row."""
    name, row = f"admin:{label.replace('.', '_').lower()}", MODELS[label]._base_manager.order_by("pk").first()
    found = {deed: reverse(f"{name}_{deed}") for deed in ("changelist", "add")}
    if row:
        found |= {deed: reverse(f"{name}_{deed}", args=[row.pk]) for deed in ("history", "delete", "change")}
    return found, {"post": "yes", "_selected_action": [str(row.pk) if row else "1"], "email": "x@example.com"}


def every_page() -> Iterator[tuple[str, dict[str, Any]]]:
    for label in MODELS:
        own, chosen = pages(label)
        yield from ((path, chosen) for path in own.values())
        yield from ((own["changelist"], chosen | {"action": action}) for action in actions_of(label))
    for address in every_address():
        route = ROUTES.get(address.name)
        if route and route.policy is Policy.OPERATORS and not address.arguments and address.name not in OF_EVERY_OPERATOR:
            yield reverse(address.name), {}


def actions_of(label: str) -> list[str]:
    return ["delete_selected", *(name for name, _ in TABLES[label].actions)]


def wrong(asking: Person, allowed: Callable[[Answer], bool]) -> list[str]:
    watch, found = Watch(), []
    for path, sends in every_page():
        for answer in ask(asking, path, sends, USUAL):
            if not allowed(answer) or says_the_word(answer):
                found.append(f"{answer.how} {sends.get('action', '')}: {answer.status} {answer.leads_to}")
    return found + watch.changed()


@pytest.mark.parametrize(
    ("who", "led_to"), [("stranger", "admin:login"), ("owner", "admin:login"), ("nobody", "admin:login"), ("closed", "account-closed")]
)
def test_others_are_led_away(who: str, led_to: str, cast: Cast, possessions: Possessions) -> None:
    asking, address = getattr(cast, who), reverse(led_to)
    found = wrong(asking, lambda answer: answer.status in (302, 204) and answer.leads_to.partition("?")[0] == address)
    assert not found, "\n".join(found)


def test_an_operator_without_permissions_is_refused(cast: Cast, possessions: Possessions) -> None:
    found = wrong(operator("no-permissions"), lambda answer: answer.status in (403, 405))
    assert not found, "\n".join(found)


def test_an_operator_who_may_look_changes_nothing(cast: Cast, possessions: Possessions) -> None:
    """Whatever needs more is refused, and so is every action that does."""
    looking = operator("looking", Permission.objects.filter(codename__startswith="view_"))
    watch, found = Watch(), []
    for label in MODELS:
        own, chosen = pages(label)
        for deed in own.keys() & {"add", "delete", "change"}:
            found += [f"{answer.how}: {answer.status}" for answer in ask(looking, own[deed], chosen, USUAL[1:]) if answer.status != 403]
        for action in actions_of(label):
            if (action, "view") not in TABLES[label].actions:
                list(ask(looking, own["changelist"], chosen | {"action": action}, USUAL[1:]))
                found += [f"{label}, {action}: {line}" for line in watch.changed()]
    assert not found, "\n".join(found)


def test_a_superuser_cannot_do_what_a_table_refuses(cast: Cast, possessions: Possessions) -> None:
    superuser, found = operator("superuser", is_superuser=True), []
    watch = Watch()
    for label, table in TABLES.items():
        own, chosen = pages(label)
        for deed, may in (("add", table.add), ("change", table.change), ("delete", table.delete)):
            if not may and deed in own:
                found += [
                    f"{answer.how}: {answer.status}" for answer in ask(superuser, own[deed], chosen, USUAL[1:]) if answer.status != 403
                ]
        if not table.delete:
            list(ask(superuser, own["changelist"], chosen | {"action": "delete_selected"}, USUAL[1:]))
        found += [f"{label}: {line}" for line in watch.changed()]
    assert not found, "\n".join(found)


def test_a_superuser_sees_every_table_but_no_texts_of_people(cast: Cast, possessions: Possessions) -> None:
    superuser, found = operator("superuser-looking", is_superuser=True), []
    for label in MODELS:
        own, _ = pages(label)
        for deed in own.keys() - {"add", "delete"}:
            for answer in ask(superuser, own[deed], {}, USUAL[:1]):
                if answer.status != 200:
                    found.append(f"{answer.how}: {answer.status}")
                if label.startswith("conversations.") and (said := texts_in(answer)):
                    found.append(f"{answer.how}: says {said}")
    assert not found, "\n".join(found)


def texts_in(answer: Answer) -> set[str]:
    """The columns whose words come out. Whose a row is may be read, which model answered, and what went wrong."""
    return set(re.findall(rf"{WORD} \d+ (\w+)", answer.words)) - {"name", "model_name", "error_message"}


def operator(name: str, permissions: Any = (), **more: Any) -> Person:
    """Somebody of the staff."""
    made = person(f"{name}@example.com", name, is_staff=True, **more)
    assert made.actor is not None
    User.objects.get(pk=made.actor.user_id).user_permissions.set(permissions)
    return made
