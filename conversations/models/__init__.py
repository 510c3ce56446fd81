"""The tables of this app, one thing a file."""

from conversations.models.conversation import Conversation, TitleSource
from conversations.models.feedback import AnswerSignal, Feedback, Rating, SignalKind
from conversations.models.folder import Folder
from conversations.models.generation import Generation
from conversations.models.message import Message, MessageRole
from conversations.models.search import SearchEntry
from conversations.models.share import Share, SharedMessage
from conversations.models.transfer import ImportJob, ImportState

__all__ = [
    "AnswerSignal",
    "Conversation",
    "Feedback",
    "Folder",
    "Generation",
    "ImportJob",
    "ImportState",
    "Message",
    "MessageRole",
    "Rating",
    "SearchEntry",
    "Share",
    "SharedMessage",
    "SignalKind",
    "TitleSource",
]
