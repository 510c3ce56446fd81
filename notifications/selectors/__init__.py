"""Questions that other apps may ask about mails."""

from notifications.selectors.choices import muted_topics, wants, who_wants
from notifications.stopping import stop_headers, stop_words

__all__ = ["muted_topics", "stop_headers", "stop_words", "wants", "who_wants"]
