"""The SQL by which rows of the ledger become sums. One list of sums, used wherever they are written, read or compared."""
# ruff: noqa: S608 - every name in these statements is from this file

from __future__ import annotations

from dataclasses import dataclass

from usage.types import Grain

COUNTS = ("fresh_input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning", "tokens")
SUMS = ("calls", *COUNTS, "cost", "saved")

# Of one row of the ledger. Prices are per million tokens; multiplied, not divided, so that no digit is rounded.
_SAVED = (
    "(entry.cache_read * (entry.price_input - entry.price_cache_read)"
    " + entry.cache_write_5m * (entry.price_input - entry.price_cache_write_5m)"
    " + entry.cache_write_1h * (entry.price_input - entry.price_cache_write_1h)) * 0.000001"
)
OF_ENTRY = {
    **{name: f"entry.{name}" for name in ("calls", *COUNTS, "cost")},
    "saved": _SAVED,
}
ENTRY_SUMS = ", ".join(f"sum({OF_ENTRY[name]}) AS {name}" for name in SUMS)


@dataclass(frozen=True, slots=True)
class Target:
    """A table of sums: its columns, what of a ledger row goes into them, and how long its spans are."""

    table: str
    columns: tuple[str, ...]
    values: tuple[str, ...]
    slot: str  # the column with the start of the span
    grains: tuple[Grain, ...] = (Grain.DAY,)

    def insert(self, entries: str, *, add: bool) -> str:
        """`INSERT` of the sums of `entries`, a SELECT of whole ledger rows. `add`: to what is there."""
        grains = ", ".join(f"({grain.value}, interval '{grain.value} minutes')" for grain in self.grains)
        statement = (
            f"INSERT INTO {self.table} AS known ({', '.join((*self.columns, *SUMS))}) "
            f"SELECT {', '.join(self.values)}, {ENTRY_SUMS} FROM ({entries}) entry "
            f"CROSS JOIN (VALUES {grains}) AS grain (minutes, width) GROUP BY {', '.join(map(str, range(1, len(self.values) + 1)))}"
        )
        changes = ", ".join(f"{name} = known.{name} + excluded.{name}" for name in SUMS)
        return f"{statement} ON CONFLICT ({', '.join(self.columns)}) DO UPDATE SET {changes}" if add else statement


# Since the epoch of Unix, so that hours and days begin where UTC has them.
_SLOT = "date_bin(grain.width, entry.called_at, timestamptz '1970-01-01 00:00:00+00')"
_WHAT = ("provider", "model", "purpose", "confidence")

ROLLUP = Target(
    "usage_rollup",
    ("workspace_id", "grain", "starts_at", *_WHAT),
    ("entry.workspace_id", "grain.minutes", _SLOT, *(f"entry.{name}" for name in _WHAT)),
    "starts_at",
    tuple(Grain),
)
SUBJECT_DAY = Target("usage_subjectday", ("workspace_id", "day", "subject"), ("entry.workspace_id", _SLOT, "entry.subject"), "day")
PERSON_DAY = Target("usage_personday", ("workspace_id", "day", "user_id"), ("entry.workspace_id", _SLOT, "entry.user_id"), "day")
TARGETS = (ROLLUP, SUBJECT_DAY, PERSON_DAY)
