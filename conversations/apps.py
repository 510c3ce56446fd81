"""Conversations, the message tree, generations and their rendering."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "conversations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.services import register_erasure, register_export
        from conversations import topics
        from conversations.selectors import usage_names
        from conversations.selectors.personal_data import personal_data, personal_data_steps
        from conversations.services.erase_of_person import erase_of_person

        topics.register()
        register_erasure("conversations", erase_of_person)
        usage_names.register()
        register_export("conversations", personal_data, steps=personal_data_steps)
