"""What can go wrong with who and where.

DomainError
└── NoWorkspace   403  signed in, but a member of no workspace of one's own
"""

from __future__ import annotations

from core.exceptions import DomainError


class NoWorkspace(DomainError):
    """The person's membership is gone; nothing of the product can be shown without one."""

    http_status = 403
    code = "no_workspace"

    def __init__(self) -> None:
        super().__init__("Your account has no workspace any more. Please ask the people who run this site.")
