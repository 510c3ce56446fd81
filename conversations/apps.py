"""Conversations, the message tree, generations and their rendering."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "conversations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from conversations import topics
        from conversations.selectors import usage_names

        topics.register()
        usage_names.register()
