"""One error family for the whole house. A room raises, a door translates.

    DomainError                400
    ├── InvalidInput           400  what was sent cannot be used
    ├── NotFound               404  not there, or not yours (the same answer on purpose)
    ├── Conflict               409  somebody was faster, or the state does not allow it
    ├── PaymentRequired        402  the allowance has no room
    ├── RateLimited            429  too many, too fast; `retry_after` in seconds
    └── Unavailable            503  something we need is down; nothing was lost

Messages are for people: what happened, and what to do.
"""

from __future__ import annotations


class DomainError(Exception):
    """Base of all errors that a person may be told about. `code` is stable and machine-readable."""

    http_status = 400
    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InvalidInput(DomainError):
    code = "invalid"


class NotFound(DomainError):
    http_status = 404
    code = "not_found"

    def __init__(self, message: str = "We could not find that.", *, code: str | None = None) -> None:
        super().__init__(message, code=code)


class Conflict(DomainError):
    http_status = 409
    code = "conflict"


class PaymentRequired(DomainError):
    http_status = 402
    code = "payment_required"


class RateLimited(DomainError):
    http_status = 429
    code = "rate_limited"

    def __init__(self, message: str, *, retry_after: float, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unavailable(DomainError):
    http_status = 503
    code = "unavailable"
