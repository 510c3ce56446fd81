"""Messages to people."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.services import add_security_listener, register_erasure, register_export
        from notifications.security import tell_person
        from notifications.selectors.personal_data import personal_data, personal_data_steps
        from notifications.services.erase_of_person import erase_of_person

        add_security_listener(tell_person)
        register_erasure("notifications", erase_of_person)
        register_export("notifications", personal_data, steps=personal_data_steps)
