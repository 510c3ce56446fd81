"""One person asks for one address, in every way that there is to ask."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.account.forms import default_token_generator as reset_tokens
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.closing import keep_link
from accounts.email_back import email_back_address
from accounts.exports import export_link
from accounts.models import Avatar, User
from core.ids import uuid7
from core.sessions import session_mark
from notifications.stopping import stop_address
from notifications.types import Topic
from tests.road import house
from tests.road.tenancy.cast import Cast, Person, session_key
from tests.road.tenancy.possessions import Possessions
from tests.road.tenancy.routes import ROUTES, Address
from tests.road.tenancy.words import SOUGHT, WORD

# As a page asks, and as HTMX does.
PAGE: dict[str, str] = {}
HTMX = {"HX-Request": "true"}
USUAL = (("GET", PAGE), ("POST", PAGE))
EACH_METHOD = (*USUAL, ("GET", HTMX), ("POST", HTMX), ("HEAD", PAGE), ("PUT", PAGE), ("PATCH", PAGE), ("DELETE", PAGE))
_OF_THE_ADMIN = {"app_label": "accounts", "url": "nowhere"}
_networks = itertools.count()


Ways = Sequence[tuple[str, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Answer:
    """`words`: all that came, in head and body."""

    how: str
    status: int
    leads_to: str
    words: str


def ask(person: Person, path: str, sends: dict[str, Any], ways: Ways = EACH_METHOD) -> Iterator[Answer]:
    """Each time from another network, so that limits by address hold nobody up."""
    for method, extra in ways:
        yield ask_once(person, method, path, sends, extra)


def ask_once(person: Person, method: str, path: str, sends: dict[str, Any], extra: dict[str, str]) -> Answer:
    client = person.fresh(f"198.18.{next(_networks) % 255}.{next(_networks) % 255}")
    response = _send(client, method, path, sends, extra)
    leads_to = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    body = b"".join(response).decode(errors="replace")
    return Answer(f"{method}{' (HTMX)' if extra else ''} {path}", response.status_code, leads_to, f"{response.headers}{body}")


def _send(client: Client, method: str, path: str, sends: dict[str, Any], extra: dict[str, str]) -> Any:
    if method in ("GET", "HEAD"):
        query = {} if "?" in path else {name: value for name, value in sends.items() if value != ""}
        return getattr(client, method.lower())(path, query or None, headers=extra)
    if method == "POST":
        return client.post(path, sends, headers=extra)
    return client.generic(method, path, b"text=hello", "application/x-www-form-urlencoded", headers=extra)


def fields(possessions: Possessions) -> dict[str, Any]:
    """What a page would send, with the ids of what is the owner's. Search finds words of theirs, but not by the secret one."""
    turn = possessions.ended
    conversation, answer = str(turn.conversation_id), str(turn.assistant_message_id)
    ids = {"parent": answer, "before": answer, "current": conversation, "chat": [conversation], "subject": f"conversation:{conversation}"}
    ids |= {"do": f"move:{possessions.folder_id}", "folder": str(possessions.folder_id), "q": SOUGHT, "conversation": conversation}
    return ids | {"text": "hello", "title": "mine now", "name": "mine now", "client_key": str(uuid7()), "model": house.SCRIPTED}


def addresses_of(address: Address, cast: Cast, possessions: Possessions) -> list[str]:
    """The address with the owner's ids; where it names a message, in each of its conversations' states."""
    if not address.arguments:
        return [_reversed(address, {})]
    if address.name == "download-export":
        return [export_link(possessions.export_id)]
    if address.arguments & {"conversation_id", "message_id"}:
        return [_reversed(address, {name: ids[name] for name in address.arguments}) for ids in _of_turns(address, possessions)]
    known = _known(address, cast, possessions)
    assert address.arguments <= known.keys(), f"{address.name}: say in tests/road/tenancy/asking.py what {set(address.arguments)} are"
    return [_reversed(address, {name: known[name] for name in address.arguments})]


def made_up(address: Address, cast: Cast, possessions: Possessions) -> str:
    """The same address as nobody made it: the last letter of what is secret in it is another."""
    path = addresses_of(address, cast, possessions)[0]
    at = len(path.rstrip("/").removesuffix("/copy").removesuffix("/undo")) - 1
    return f"{path[:at]}{'A' if path[at] != 'A' else 'B'}{path[at + 1 :]}"


def says_the_word(answer: Answer) -> bool:
    return WORD in answer.words


def _of_turns(address: Address, possessions: Possessions) -> Iterator[dict[str, Any]]:
    """What the address is for comes first."""
    for turn in possessions.turns:
        both = [turn.assistant_message_id, turn.user_message_id]
        for message in reversed(both) if ROUTES[address.name].question else both:
            yield {"conversation_id": turn.conversation_id, "message_id": message}
            if "message_id" not in address.arguments:
                break


def _known(address: Address, cast: Cast, possessions: Possessions) -> dict[str, Any]:
    owner = cast.actor()
    signed = {"stop-mails": stop_address(owner.user_id, Topic.USAGE), "keep-account": keep_link(owner.user_id, "2026-12-24T12:00:00+00:00")}
    signed |= {"stop-mails-undo": signed["stop-mails"], "take-address-back": email_back_address(possessions.changed_address)}
    tokens = {"conversations:undo": possessions.undo, "invitation": possessions.invitation}
    user = User.objects.get(pk=owner.user_id)
    return {
        "folder_id": possessions.folder_id,
        "share_id": possessions.share.id,
        "job_id": possessions.import_id,
        "export_id": possessions.export_id,
        "device_id": session_mark(session_key(cast.owner)),
        "pk": possessions.passkey_id,
        "token": tokens.get(address.name, possessions.share.token),
        "signed": signed.get(address.name, "").rstrip("/").rpartition("/")[2],
        "digest": Avatar.objects.get(user=user).digest,
        **_OF_THE_ADMIN,
        "id": owner.user_id,
        "object_id": owner.user_id,
        "content_type_id": ContentType.objects.get_for_model(User).pk,
        "uidb36": user_pk_to_url_str(user),
        "key": EmailConfirmationHMAC(EmailAddress.objects.get(user=user, primary=True)).key
        if address.name == "account_confirm_email"
        else reset_tokens.make_token(user),
    }


def _reversed(address: Address, arguments: dict[str, Any]) -> str:
    """By its name; of one without a name its pattern is the address."""
    try:
        return reverse(address.name, kwargs=arguments)
    except NoReverseMatch:
        assert not arguments or address.name.startswith("admin/")
        return f"/{address.pattern}".replace("(?P<url>.*)$", "nowhere")
