"""The roof."""

from django.apps import AppConfig

from chatplatform.celery import app as celery_app

__all__ = ["ChatPlatformConfig", "celery_app"]


class ChatPlatformConfig(AppConfig):
    """Importing the Celery application here binds the jobs of all apps to it, in every process."""

    name = "chatplatform"
    verbose_name = "Platform"

    def ready(self) -> None:
        from accounts.signals import sessions_ended
        from realtime.services import close_sessions

        # Two rooms on one floor that do not know each other: a session that ends takes its sockets along.
        sessions_ended.connect(lambda keys, **_: close_sessions(keys), weak=False, dispatch_uid="close_sockets")
