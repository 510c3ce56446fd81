"""Messages to people."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.services import add_security_listener, register_export
        from notifications.security import tell_person
        from notifications.selectors.personal_data import personal_data

        add_security_listener(tell_person)
        register_export("notifications", personal_data)
