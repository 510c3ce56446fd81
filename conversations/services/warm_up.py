"""What the first answer would otherwise wait for."""

from __future__ import annotations

from conversations.runner.host import get_host
from providers.services.engines import warm_up as warm_up_engines


def warm_up() -> None:
    """Load the renderer and the SDKs of the configured providers, and start the loop. Blocks for a second or two."""
    warm_up_engines()
    get_host()
