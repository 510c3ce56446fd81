"""What apps hold of a person, registered by them in `AppConfig.ready()` (DESIGN 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from accounts.types import Actor, ExportFile

Export = Callable[[Actor], Iterator[ExportFile]]
_exports: dict[str, Export] = {}


def register_export(name: str, export: Export) -> None:
    """Have `export` give the files of one app, in turn. Raises `ValueError` when the name is taken by another."""
    if _exports.get(name, export) != export:
        raise ValueError(f"The export {name!r} is registered already.")
    _exports[name] = export


def exports() -> tuple[Export, ...]:
    return tuple(_exports.values())
