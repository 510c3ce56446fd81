"""What HTTP says about errors, the same for every provider: status codes and Retry-After."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Mapping
from typing import Any

import orjson

from providers.exceptions import (
    AuthenticationFailed,
    BadRequest,
    ContextTooLong,
    ModelNotFound,
    Overloaded,
    PermissionDenied,
    ProviderError,
    QuotaExhausted,
    RateLimitedByProvider,
    ServerError,
)

_BY_STATUS: dict[int, type[ProviderError]] = {
    401: AuthenticationFailed,
    402: QuotaExhausted,
    403: PermissionDenied,
    404: ModelNotFound,
    408: ServerError,
    409: ServerError,
    413: ContextTooLong,
    429: RateLimitedByProvider,
    503: Overloaded,
    529: Overloaded,
}


def error_class(status: int) -> type[ProviderError]:
    """What a status means when the provider's own code says nothing more exact."""
    known = _BY_STATUS.get(status)
    if known is not None:
        return known
    return BadRequest if 400 <= status < 500 else ServerError


_TOO_LONG = (
    "prompt is too long",
    "prompt too long",
    "exceed context limit",
    "exceeds the context",
    "context length",
    "context window",
    "context_length",
    "maximum number of tokens",
    "context size",
)


def says_too_long(message: str) -> bool:
    """Whether the words of a refused request mean that the input does not fit the model. Providers rarely have a code for it."""
    words = message.lower()
    return any(phrase in words for phrase in _TOO_LONG)


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait: `retry-after-ms`, or `Retry-After` as seconds or as an HTTP date (RFC 9110, section 10.2.3). Never negative."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None or not value:
        return seconds
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def bare_error(rest: bytes) -> dict[str, Any] | None:
    """The `error` object of an answer that is no stream but JSON (Google does it in mid-stream, others with status 200)."""
    try:
        body = orjson.loads(rest)
    except orjson.JSONDecodeError:
        return None
    body = body[0] if isinstance(body, list) and body else body
    error = body.get("error") if isinstance(body, dict) else None
    return {"message": error} if isinstance(error, str) else error if isinstance(error, dict) else None


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
