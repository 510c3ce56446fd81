"""What happens to an account is told to its person, as a mail that cannot be switched off."""

from __future__ import annotations

from django.conf import settings

from accounts.types import SecurityEventKind as Event
from accounts.types import SecurityNews
from notifications.services.notify import notify
from notifications.types import Kind

_KINDS = {
    Event.PASSWORD_CHANGED: Kind.PASSWORD_CHANGED,
    Event.PASSWORD_SET: Kind.PASSWORD_CHANGED,
    Event.PASSWORD_RESET: Kind.PASSWORD_CHANGED,
    Event.FACTOR_ADDED: Kind.FACTOR_ADDED,
    Event.FACTOR_REMOVED: Kind.FACTOR_REMOVED,
    Event.FACTOR_RESET: Kind.CODES_RENEWED,
    Event.SIGN_IN_LINKED: Kind.SIGN_IN_LINKED,
    Event.SIGN_IN_UNLINKED: Kind.SIGN_IN_UNLINKED,
    Event.EMAIL_ADDED: Kind.EMAIL_ADDED,
    Event.EMAIL_REMOVED: Kind.EMAIL_REMOVED,
    Event.EMAIL_CHANGED: Kind.EMAIL_CHANGED,
    Event.DATA_EXPORTED: Kind.DATA_EXPORTED,
    Event.EXPORT_READY: Kind.EXPORT_READY,
    Event.EXPORT_FAILED: Kind.EXPORT_FAILED,
    Event.DELETION_ASKED: Kind.DELETION_ASKED,
    Event.DELETION_UNDONE: Kind.DELETION_UNDONE,
}
_OF_PASSKEYS = {Kind.FACTOR_ADDED: Kind.PASSKEY_ADDED, Kind.FACTOR_REMOVED: Kind.PASSKEY_REMOVED}


def tell_person(news: SecurityNews) -> None:
    """Called within the transaction of the event; what nobody needs to hear of by mail is passed over."""
    if news.subject_id is None:
        return
    if _begins(news):
        notify(Kind.WELCOME, news.subject_id, {}, key=f"welcome:{news.subject_id}")
    kind = _kind(news)
    if kind is not None:
        # `event`: the link that takes a change back is made from it when the mail is sent.
        context = {**news.details, "event": str(news.id), "ip": news.address or "", "device": news.device}
        # Who takes an account over changes the address first: the news goes to the former one.
        former = str(news.details.get("from", "")) if kind == Kind.EMAIL_CHANGED else ""
        notify(kind, news.subject_id, context, key=f"security:{news.id}", address=former)


def _begins(news: SecurityNews) -> bool:
    """Where addresses must be proved, an account begins with that."""
    mandatory = settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory"
    return news.kind == (Event.EMAIL_CONFIRMED if mandatory else Event.SIGNED_UP)


def _kind(news: SecurityNews) -> Kind | None:
    if news.kind == Event.SIGNED_IN:
        return Kind.DEVICE_NEW if news.new_device else None
    kind = _KINDS.get(news.kind)
    if kind not in _OF_PASSKEYS:
        return kind
    # Recovery codes come and go with the step that they stand in for; that is one piece of news.
    return {"webauthn": _OF_PASSKEYS[kind], "recovery_codes": None}.get(news.factor, kind)
