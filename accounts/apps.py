"""Who: users, workspaces, memberships."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import audit_receivers, receivers  # noqa: F401  (the second registers itself)
        from accounts.personal_data import register_export
        from accounts.selectors.personal_data import personal_data, personal_data_steps

        audit_receivers.connect()
        register_export("accounts", personal_data, steps=personal_data_steps)
