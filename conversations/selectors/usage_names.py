"""What the usage page calls conversations, models and providers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse

from accounts.types import Actor
from conversations.model_words import provider_name
from conversations.selectors.access import conversations_of
from providers.selectors.catalogue import model_names
from providers.types import Provider
from usage.services import register_names
from usage.types import Name


def register() -> None:
    """Called from `AppConfig.ready()`."""
    register_names("conversation", name_conversations)
    register_names("model", _name_models)
    register_names("provider", _name_providers)


def name_conversations(actor: Actor, references: Sequence[str]) -> Mapping[str, Name]:
    """Titles and addresses of those of the actor's conversations (`conversation:<uuid>`) that are not deleted. One query."""
    ids = [UUID(reference.removeprefix("conversation:")) for reference in references if reference.startswith("conversation:")]
    found = conversations_of(actor).filter(id__in=ids).values_list("id", "title")
    return {f"conversation:{key}": Name(title or "New chat", reverse("conversations:detail", args=[key])) for key, title in found}


def _name_models(actor: Actor, references: Sequence[str]) -> Mapping[str, Name]:
    known = model_names()
    return {key: Name(known[key]) for key in references if key in known}


def _name_providers(actor: Actor, references: Sequence[str]) -> Mapping[str, Name]:
    known = {provider.value: provider for provider in Provider}
    return {name: Name(provider_name(known[name])) for name in references if name in known}
