"""What this app holds of a person, as files."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from allauth.account.models import EmailAddress

from accounts.models import Avatar, User
from accounts.selectors.security_events import csv_of_security_events, security_events_of
from accounts.types import Actor, Advance, ExportFile

_PROFILE = ("id", "email", "name", "date_joined", "last_login", "theme", "language", "time_zone", "custom_instructions")
_CHAT = ("send_with_modifier", "shortcuts", "default_model_key", "last_model_key")


def personal_data_steps(actor: Actor) -> int:
    return 1


def personal_data(actor: Actor, advance: Advance) -> Iterator[ExportFile]:
    """`profile.json`, the picture if there is one, and `security-activity.csv`."""
    profile = User.objects.values(*_PROFILE, *_CHAT).get(id=actor.user_id)
    profile["email_addresses"] = list(EmailAddress.objects.filter(user=actor.user_id).order_by("pk").values("email", "verified", "primary"))
    yield ExportFile("profile.json", (orjson.dumps(profile, option=orjson.OPT_INDENT_2),))
    for image in Avatar.objects.filter(user=actor.user_id).values_list("image", flat=True):
        yield ExportFile("picture.webp", (bytes(image),))
    yield ExportFile("security-activity.csv", csv_of_security_events(security_events_of(actor.user_id)))
    advance()
