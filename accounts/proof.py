"""Before something sensitive, people prove once more that it is they."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from allauth.account.decorators import reauthentication_required

View = TypeVar("View", bound=Callable[..., Any])


def just_proved(view: View) -> View:
    """Password, code or passkey within the last five minutes (`ACCOUNT_REAUTHENTICATION_TIMEOUT`), else they are asked for first.

    A form that was sent meanwhile is sent again after the proof. Whoever has none of these (only a linked sign-in) is not asked.
    """
    return cast(View, reauthentication_required(view))
