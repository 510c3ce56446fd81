"""Conversations, the message tree, generations and their rendering."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "conversations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.services import register_export
        from conversations import topics
        from conversations.selectors import usage_names
        from conversations.selectors.personal_data import personal_data

        topics.register()
        usage_names.register()
        register_export("conversations", personal_data)
