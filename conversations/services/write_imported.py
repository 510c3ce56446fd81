"""Conversations from an archive become rows, thousands a second. Nothing was spent: no generation, no ledger entry, no allowance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from accounts.types import Actor
from conversations.archives import reasons
from conversations.archives.parsed import ParsedConversation, ParsedMessage
from conversations.archives.reasons import Report
from conversations.models import Conversation, Folder, Message, MessageRole, TitleSource
from conversations.titles import title_from

_ROWS = 500
_CHARS = 2_000_000
_PROMPT_CHARS = 100_000


def write_imported(actor: Actor, found: Sequence[ParsedConversation], report: Report, *, keep_originals: bool) -> tuple[int, int]:
    """Write those that are not here yet; how many conversations and messages that were. Part of the caller's transaction.

    Here is what an earlier import brought and nobody deleted (`import_key`); with `keep_originals` also, for this product's
    own export, the conversation that was exported. The tree comes as it was: roles, texts, order of siblings, times, the shown leaf.
    """
    fresh = _not_here(actor, found, report, keep_originals=keep_originals)
    folders = _folders(actor, {conversation.folder for conversation in fresh if conversation.folder})
    conversations: list[Conversation] = []
    messages: list[Message] = []
    for conversation in fresh:
        row = _conversation(actor, conversation, folders)
        branch = _messages(row, conversation.messages)
        row.active_leaf_id = branch[conversation.shown if conversation.shown is not None else -1].id
        conversations.append(row)
        messages += branch
        for reason, count in conversation.left_out.items():
            report.add(reason, count=count)
    # Foreign keys are checked at the commit, so a conversation may point to its leaf before that exists.
    Conversation.objects.bulk_create(conversations)
    for rows in _slices(messages):
        Message.objects.bulk_create(rows)
    return len(conversations), len(messages)


def _not_here(actor: Actor, found: Sequence[ParsedConversation], report: Report, *, keep_originals: bool) -> list[ParsedConversation]:
    mine = Conversation.objects.filter(owner_id=actor.user_id, workspace_id=actor.workspace_id)
    brought = mine.exclude(import_key="")  # said, so that the index of what was imported is used
    keys = {conversation.key for conversation in found}
    # What was deleted may come again; undoing the deletion then brings the other one back as well.
    brought.filter(import_key__in=keys, deleted_at__isnull=False).update(import_key="")
    here = set(brought.filter(import_key__in=keys).values_list("import_key", flat=True))
    if keep_originals:
        originals = {identifier: key for key in keys if (identifier := _original(key))}
        kept = mine.filter(id__in=originals, deleted_at__isnull=True).values_list("id", flat=True)
        here |= {originals[identifier] for identifier in kept}
    fresh = []
    for conversation in found:
        if conversation.key in here:
            report.add(reasons.ALREADY_HERE, conversation.title)
        else:
            here.add(conversation.key)
            fresh.append(conversation)
    return fresh


def _original(key: str) -> UUID | None:
    source, _, identifier = key.partition(":")
    try:
        return UUID(identifier) if source == "own" else None
    except ValueError:
        return None


def _folders(actor: Actor, names: Iterable[str]) -> dict[str, Folder]:
    return {
        name: Folder.objects.get_or_create(owner_id=actor.user_id, workspace_id=actor.workspace_id, name=name)[0] for name in sorted(names)
    }


def _conversation(actor: Actor, found: ParsedConversation, folders: dict[str, Folder]) -> Conversation:
    first = next((message.text for message in found.messages if message.role == MessageRole.USER), found.messages[0].text)
    return Conversation(
        workspace_id=actor.workspace_id,
        owner_id=actor.user_id,
        title=found.title or title_from(first),
        title_source=TitleSource.PERSON if found.title else TitleSource.FALLBACK,
        model_key=found.model_key,
        system_prompt=found.system_prompt[:_PROMPT_CHARS],
        created_at=found.created_at,
        last_activity_at=found.last_activity_at,
        pinned_at=found.pinned_at,
        archived_at=found.archived_at,
        folder=folders.get(found.folder),
        import_key=found.key,
    )


def _messages(conversation: Conversation, found: Sequence[ParsedMessage]) -> list[Message]:
    """In the order of the archive: ids grow, and siblings are shown in the order of their ids."""
    rows = [Message(conversation=conversation, workspace_id=conversation.workspace_id) for _ in found]
    for row, said in zip(rows, found, strict=True):
        row.role = said.role
        row.parent_id = rows[said.parent].id if said.parent is not None else None
        row.left_at_leaf_id = rows[said.left_at].id if said.left_at is not None else None
        row.text, row.reasoning, row.answered_by = said.text, said.reasoning, said.model
        row.making = said.making.stored() if said.making else None
        row.text_chars, row.text_bytes = len(said.text), len(said.text.encode())
        row.author_id = conversation.owner_id if said.role == MessageRole.USER else None
        row.created_at = said.created_at
    return rows


def _slices(rows: Iterable[Message]) -> Iterator[list[Message]]:
    """So many rows, or so much text, at once: an insert holds its texts several times over."""
    batch, chars = [], 0
    for row in rows:
        batch.append(row)
        chars += row.text_chars + len(row.reasoning)
        if len(batch) >= _ROWS or chars >= _CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch
