"""What conversations, models and providers are called. Upper apps fill this in `AppConfig.ready()` (docs/adr/0006)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from accounts.types import Actor
from usage.types import Name

# Given who looks and the references, the names of those that this person may see; the others are left out.
NameHandler = Callable[[Actor, Sequence[str]], Mapping[str, Name]]

_handlers: dict[str, NameHandler] = {}


def register_names(kind: str, handler: NameHandler) -> None:
    """Name references of this kind (`conversation`, `model`, `provider`). Raises `ValueError` when somebody else does already."""
    if _handlers.get(kind, handler) != handler:
        raise ValueError(f"Names of the kind {kind!r} are registered already.")
    _handlers[kind] = handler


def names_of(kind: str, actor: Actor, references: Sequence[str]) -> Mapping[str, Name]:
    """The names that are known; nothing where no app names this kind."""
    handler = _handlers.get(kind)
    return handler(actor, references) if handler and references else {}
