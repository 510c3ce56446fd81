"""The figures of a range by model, provider, purpose, conversation or person, with their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accounts.types import Actor
from usage.breakdown import By, Row
from usage.figures import Figures, ShareFigures, subtract, summed
from usage.models import LedgerEntry
from usage.names import names_of
from usage.selectors.figures import read_people, read_subjects
from usage.summary import Summary
from usage.types import Name, Purpose

MOST = 50
_OTHERS = {By.CONVERSATION: "All others, deleted ones too", By.PERSON: "All others"}
_PURPOSES = {Purpose.CHAT: "Answers", Purpose.TITLE: "Names of conversations", Purpose.ADJUSTMENT: "Adjustments"}


def get_breakdown(actor: Actor, summary: Summary, by: By) -> list[Row]:
    """The rows of one table, the dearest first; together they are the totals of the summary, to the last decimal.

    At most `MOST` conversations or people are named; the others are one row. Call it in `one_moment` with the summary:
    conversations and people are read by a statement of their own.
    """
    if by is By.MODEL:
        named = names_of("model", actor, [f"{provider}:{model}" for provider, model in summary.by_model])
        return [_model(provider, model, figures, named) for (provider, model), figures in summary.by_model.items()]
    if by is By.PROVIDER:
        named = names_of("provider", actor, list(summary.by_provider))
        return [_row(name, name, figures, named) for name, figures in summary.by_provider.items()]
    if by is By.PURPOSE:
        return [Row(purpose.value, _PURPOSES[purpose], figures) for purpose, figures in summary.by_purpose.items()]
    chosen = summary.range
    read = read_subjects if by is By.CONVERSATION else read_people
    shares = read(actor.workspace_id, chosen.starts_at, chosen.ends_at, MOST)
    rows = _conversations(actor, shares) if by is By.CONVERSATION else _people(actor, shares)
    others = subtract(summary.total, summed(row.figures for row in rows))
    return [*rows, Row("", _OTHERS[by], others)] if any(others) else rows


def _row(reference: str, fallback: str, figures: Figures, named: Mapping[str, Name]) -> Row:
    name = named.get(reference, Name(fallback))
    return Row(reference, name.text, figures, name.url)


def _model(provider: str, model: str, figures: Figures, named: Mapping[str, Name]) -> Row:
    reference = f"{provider}:{model}"
    name = named.get(reference)
    return Row(reference, name.text if name else model, figures, note="" if name else provider)


def _conversations(actor: Actor, shares: Sequence[ShareFigures]) -> list[Row]:
    """Those that the actor may see. What was spent in deleted ones counts among the others."""
    named = names_of("conversation", actor, [str(share.name) for share in shares if share.name is not None])
    nowhere = Name("In no conversation")
    return [
        Row(str(share.name or ""), name.text, share.figures, name.url)
        for share in shares
        if (name := nowhere if share.name is None else named.get(str(share.name))) is not None
    ]


def _people(actor: Actor, shares: Sequence[ShareFigures]) -> list[Row]:
    """By their addresses: whoever sees these figures is a member of the same workspace."""
    users = LedgerEntry.user.field.related_model._default_manager
    ids = [share.name for share in shares if share.name is not None]
    known = {key: Name(name or email) for key, name, email in users.filter(id__in=ids).values_list("id", "name", "email")}
    return [
        Row(str(share.name or ""), known[share.name].text if share.name in known else "Somebody who has left", share.figures)
        for share in shares
    ]
