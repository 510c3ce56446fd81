"""What can go wrong with who and where.

DomainError
├── NoWorkspace    403  signed in, but a member of no workspace of one's own
├── ExportRunning  409  one file is being written already
├── AddressTaken   409  an address belongs to another account meanwhile
└── LastOperator   409  nobody would be left who can run the site
"""

from __future__ import annotations

from core.exceptions import Conflict, DomainError


class NoWorkspace(DomainError):
    """The person's membership is gone; nothing of the product can be shown without one."""

    http_status = 403
    code = "no_workspace"

    def __init__(self) -> None:
        super().__init__("Your account has no workspace any more. Please ask the people who run this site.")


class ExportRunning(Conflict):
    code = "export_running"

    def __init__(self) -> None:
        super().__init__("Your data is being put together already. Please wait until that is done.")


class AddressTaken(Conflict):
    code = "address_taken"

    def __init__(self) -> None:
        super().__init__(
            "There is another account with this address by now. Give that one another address (a new password lets you in), then use "
            "this link again. Or write to the people who run this site."
        )


class LastOperator(Conflict):
    code = "last_operator"

    def __init__(self) -> None:
        super().__init__("You are the only superuser here. Make somebody else one first; otherwise nobody could run this site.")
