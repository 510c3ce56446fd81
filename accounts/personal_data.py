"""What apps hold of a person: how it is taken along, and how it is erased. Registered by them in `AppConfig.ready()` (DESIGN 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

from accounts.types import Actor, Advance, ExportFile

Export = Callable[[Actor, Advance], Iterator[ExportFile]]
Steps = Callable[[Actor], int]
Erase = Callable[[UUID, UUID | None], bool]
_exports: dict[str, tuple[Export, Steps]] = {}
_erasures: dict[str, Erase] = {}


def register_export(name: str, export: Export, *, steps: Steps) -> None:
    """Have `export` give the files of one app, in turn. Raises `ValueError` when the name is taken by another.

    It calls the function that it is given once for each step that is done; `steps` says how many there will be, about.
    """
    if _exports.get(name, (export, steps)) != (export, steps):
        raise ValueError(f"The export {name!r} is registered already.")
    _exports[name] = (export, steps)


def register_erasure(name: str, erase: Erase) -> None:
    """Have `erase(user id, id of the personal workspace or None)` remove what one app holds of a person who is being erased.

    It is called outside of a transaction, works in pieces, may be killed at any moment and is then called again; True: nothing is left.
    False: it has to wait for something (or has worked long enough) and is called again within a minute. What references the
    person's row with `CASCADE` and is small goes with that row and needs no step. Raises `ValueError` when the name is taken by another.
    """
    if _erasures.get(name, erase) != erase:
        raise ValueError(f"The erasure {name!r} is registered already.")
    _erasures[name] = erase


def exports() -> tuple[Export, ...]:
    return tuple(export for export, _ in _exports.values())


def export_steps(actor: Actor) -> int:
    """How many steps an export of this person takes, about."""
    return sum(steps(actor) for _, steps in _exports.values())


def erasures() -> tuple[Erase, ...]:
    """Upper apps first: what they hold refers to what lower ones hold."""
    return tuple(reversed(_erasures.values()))
