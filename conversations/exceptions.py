"""What can go wrong with a conversation, in words for people."""

from __future__ import annotations

from core.exceptions import Conflict, InvalidInput, NotFound


class ConversationNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This conversation does not exist, or it is not yours.", code="conversation_not_found")


class MessageNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This message does not exist, or it is not yours.", code="message_not_found")


class FolderNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This folder does not exist, or it is not yours.", code="folder_not_found")


class TooManyPinned(Conflict):
    def __init__(self, limit: int) -> None:
        super().__init__(f"At most {limit} chats can be pinned. Unpin one first.", code="too_many_pinned")


class TooMany(InvalidInput):
    def __init__(self, limit: int) -> None:
        super().__init__(f"At most {limit} chats can be changed at once.", code="too_many")


class FolderNameTaken(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(f"You already have a folder called “{name}”.", code="folder_name_taken")


class TooManyFolders(Conflict):
    def __init__(self, limit: int) -> None:
        super().__init__(f"At most {limit} folders are possible. Delete one first; its chats stay.", code="too_many_folders")


class NotUndoable(Conflict):
    def __init__(self) -> None:
        super().__init__("This cannot be undone any more.", code="not_undoable")


class TitleInTheMaking(Conflict):
    def __init__(self) -> None:
        super().__init__("A title is being written already.", code="title_in_the_making")


class NothingToName(Conflict):
    def __init__(self) -> None:
        super().__init__("There is nothing in this chat yet that a title could be made from.", code="nothing_to_name")


class EmptyMessage(InvalidInput):
    def __init__(self) -> None:
        super().__init__("Write something first.", code="empty_message")


class MessageTooLong(InvalidInput):
    def __init__(self, limit: int) -> None:
        super().__init__(
            f"This message is too long: at most {limit:,} characters fit into one. Shorten it, or send it in parts.", code="too_long"
        )


class SystemPromptTooLong(InvalidInput):
    def __init__(self, limit: int) -> None:
        super().__init__(f"This system prompt is too long: at most {limit:,} characters. Shorten it.", code="system_prompt_too_long")


class ContextFull(InvalidInput):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"This message alone is longer than {name} can read. Shorten it, or choose a model with a larger window.", code="context_full"
        )


class AnswerRunning(Conflict):
    def __init__(self) -> None:
        super().__init__("An answer is still being written. Wait for it or stop it, then try again.", code="answer_running")


class ShareNotFound(NotFound):
    """Unknown, revoked, expired, of a deleted conversation: the same words for all, so that nobody learns which."""

    def __init__(self) -> None:
        super().__init__("This link does not exist, or it no longer works.", code="share_not_found")


class NothingToShare(InvalidInput):
    def __init__(self) -> None:
        super().__init__("There is nothing to share yet. Wait for the first answer.", code="nothing_to_share")


class TooLongToShare(InvalidInput):
    def __init__(self) -> None:
        super().__init__("This conversation is too long for a link. Export it instead.", code="too_long_to_share")


class TemporaryNotShared(Conflict):
    def __init__(self) -> None:
        super().__init__("A temporary chat cannot be shared: it will be erased, and a link would outlive it.", code="temporary_not_shared")


class AnswerComplete(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "This answer has come to its end: there is nothing to continue. Ask for more, or regenerate it.", code="answer_complete"
        )


class NotRestorable(Conflict):
    def __init__(self) -> None:
        super().__init__("What this hung below was deleted too. Undo that first.", code="above_is_deleted")


class UnknownReason(InvalidInput):
    def __init__(self) -> None:
        super().__init__("This reason is not one of those that are offered. Reload the page and choose again.", code="unknown_reason")


class ImportNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This import does not exist, or it is not yours.", code="import_not_found")


class ImportRunning(Conflict):
    def __init__(self) -> None:
        super().__init__("An import is still running. Wait for it or cancel it, then bring the next file.", code="import_running")


class ImportTooLarge(InvalidInput):
    http_status = 413

    def __init__(self, limit: str) -> None:
        super().__init__(
            f"This file is too large: at most {limit} can be brought at once. Leave the pictures out: "
            "conversations.json alone is enough, and a ZIP file of it is smaller still.",
            code="import_too_large",
        )
