"""The roof."""

from django.apps import AppConfig

from chatplatform.celery import app as celery_app

__all__ = ["ChatPlatformConfig", "celery_app"]


class ChatPlatformConfig(AppConfig):
    """Importing the Celery application here binds the jobs of all apps to it, in every process."""

    name = "chatplatform"
    verbose_name = "Platform"
