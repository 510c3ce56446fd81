"""What can go wrong between us and a provider. One tree; an adapter raises, nobody outside sees an SDK's error.

    ProviderError                     502
    ├── ProviderDisabled              503  not configured here, switched off, or network forbidden
    ├── CallRejected                  502  the same question again gets the same answer
    │   ├── AuthenticationFailed           our key is wrong or expired
    │   ├── PermissionDenied               our key may not do this
    │   ├── QuotaExhausted            503  our account there has no credit left (never retried)
    │   ├── ModelNotFound                  the provider does not know the model
    │   └── BadRequest                     the provider refuses the form of the request
    │       ├── ContextTooLong             more input than the model can read
    │       └── ContentRefused             a safety system declined the prompt
    ├── Temporary                     503  retryable: the same question may succeed soon
    │   ├── RateLimitedByProvider          too many requests; often with `retry_after`
    │   ├── Overloaded                     the provider has no capacity now
    │   ├── ServerError               502  the provider had an error of its own
    │   └── ConnectionFailed          502  no connection, or refused
    │       ├── ConnectTimeout        504  nobody answered in time
    │       └── ConnectionLost        502  closed before the answer began (a stale keep-alive connection)
    └── AnswerBroken                  502  retryable by the person; what arrived is kept
        ├── FirstTokenTimeout         504  connected, then nothing
        ├── StreamStalled             504  began, then silence
        ├── TotalTimeout              504  took longer than one answer may
        ├── StreamCut                 502  ended without its terminal event
        └── MalformedStream           502  something that is not the provider's protocol

`message` is for people: what happened, what to do. `detail` is for logs: the provider's own words, shortened. It
may quote the request, so it is never shown to other people, and it never holds a key.
"""

from __future__ import annotations

from typing import ClassVar

from core.exceptions import DomainError

_DETAIL_LIMIT = 500


class ProviderError(DomainError):
    """Base. `retryable`: asking the same again may succeed. `retry_after`: seconds the provider asked us to wait."""

    http_status = 502
    code = "provider_error"
    retryable: bool = False
    plain: ClassVar[str] = "{who} could not answer. Try again, or choose another model."

    def __init__(
        self, who: str = "The provider", *, message: str | None = None, detail: str = "", retry_after: float | None = None
    ) -> None:
        """`who`: the provider's name as people know it, put into the class's sentence unless `message` is given."""
        super().__init__(self.plain.format(who=who) if message is None else message)
        self.who = who
        self.detail = detail[:_DETAIL_LIMIT]
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.message} [{self.detail}]" if self.detail else self.message


class ProviderDisabled(ProviderError):
    http_status = 503
    code = "provider_disabled"
    plain = "{who} is not switched on here. Choose another model, or ask the operator to add a key."


class CallRejected(ProviderError):
    code = "call_rejected"
    plain = "{who} refused the request. Choose another model, or tell the operator."


class AuthenticationFailed(CallRejected):
    code = "authentication_failed"
    plain = "{who} does not accept our key. The operator has to renew it; meanwhile choose another model."


class PermissionDenied(CallRejected):
    code = "permission_denied"
    plain = "{who} does not let our key use this model. Choose another model, or ask the operator for access."


class QuotaExhausted(CallRejected):
    http_status = 503
    code = "provider_quota_exhausted"
    plain = "Our account at {who} has no credit left. The operator has to top it up; meanwhile choose another model."


class ModelNotFound(CallRejected):
    code = "model_not_found"
    plain = "{who} does not offer this model (any more). Choose another model."


class BadRequest(CallRejected):
    code = "bad_request"
    plain = "{who} could not use this request. Change the message, or choose another model."


class ContextTooLong(BadRequest):
    code = "context_too_long"
    plain = "This conversation is longer than the model can read. Start a new chat, or choose a model with a larger window."


class ContentRefused(BadRequest):
    code = "content_refused"
    plain = "The safety system of {who} declined this message. Rephrase it, or choose another model."


class Temporary(ProviderError):
    http_status = 503
    code = "temporary"
    retryable = True
    plain = "{who} cannot answer right now. Try again in a moment."


class RateLimitedByProvider(Temporary):
    code = "rate_limited_by_provider"
    plain = "{who} is getting too many requests from us. Try again in a moment, or choose another model."


class Overloaded(Temporary):
    code = "overloaded"
    plain = "{who} is overloaded. Try again in a moment, or choose another model."


class ServerError(Temporary):
    http_status = 502
    code = "provider_server_error"
    plain = "{who} had an internal error. Try again in a moment."


class ConnectionFailed(Temporary):
    http_status = 502
    code = "connection_failed"
    plain = "We could not reach {who}. Try again in a moment."


class ConnectTimeout(ConnectionFailed):
    http_status = 504
    code = "connect_timeout"
    plain = "{who} did not pick up in time. Try again in a moment."


class ConnectionLost(ConnectionFailed):
    code = "connection_lost"
    plain = "{who} closed the connection before it answered. Try again in a moment."


class AnswerBroken(ProviderError):
    code = "answer_broken"
    retryable = True
    plain = "The answer of {who} broke off. What arrived is kept; Retry asks again."


class FirstTokenTimeout(AnswerBroken):
    http_status = 504
    code = "first_token_timeout"
    plain = "{who} took too long to begin its answer. Try again, or choose a faster model."


class StreamStalled(AnswerBroken):
    http_status = 504
    code = "stream_stalled"
    plain = "{who} fell silent in the middle of its answer. What arrived is kept; Retry asks again."


class TotalTimeout(AnswerBroken):
    http_status = 504
    code = "total_timeout"
    plain = "The answer took longer than we can wait. What arrived is kept; Retry asks again."


class StreamCut(AnswerBroken):
    code = "stream_cut"
    plain = "The connection to {who} ended before the answer was complete. What arrived is kept; Retry asks again."


class MalformedStream(AnswerBroken):
    code = "malformed_stream"
    plain = "{who} sent something we could not read. What arrived is kept; Retry asks again."
