"""The meter: allowances, holds and the ledger."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "usage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.services import register_export
        from usage.selectors.personal_data import personal_data, personal_data_steps

        register_export("usage", personal_data, steps=personal_data_steps)
