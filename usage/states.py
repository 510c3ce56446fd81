"""The life of a hold, as data. Every move is a compare-and-swap that names the states it may start from."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType


class HoldState(enum.StrEnum):
    HELD = "held"  # its amount counts as held in its period
    SETTLED = "settled"  # the call is in the ledger
    RELEASED = "released"  # no call was made
    EXPIRED = "expired"  # nobody renewed the lease; the janitor gave the amount back


# A provider may finish after its hold ran out or was released too early. The spend is real, so such a hold still
# becomes settled; its amount was given back before and is not given back again.
MOVES: Mapping[HoldState, frozenset[HoldState]] = MappingProxyType(
    {
        HoldState.HELD: frozenset({HoldState.SETTLED, HoldState.RELEASED, HoldState.EXPIRED}),
        HoldState.EXPIRED: frozenset({HoldState.SETTLED}),
        HoldState.RELEASED: frozenset({HoldState.SETTLED}),
        HoldState.SETTLED: frozenset(),
    }
)


def sources_of(target: HoldState) -> list[str]:
    """The states from which `target` may be reached, as the database knows them."""
    return sorted(state.value for state, targets in MOVES.items() if target in targets)
