"""The roof."""

from django.apps import AppConfig


class ChatPlatformConfig(AppConfig):
    name = "chatplatform"
    verbose_name = "Platform"
