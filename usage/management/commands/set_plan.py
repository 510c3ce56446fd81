"""`manage.py set_plan --email E --plan P`: put somebody's personal workspace on a plan."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.exceptions import NotFound
from usage.selectors.balance import get_balance
from usage.selectors.workspaces import personal_workspace_id
from usage.services import apply_plan


class Command(BaseCommand):
    """Takes effect at once, also for the running period."""

    help = "Put the personal workspace of a user on a plan (free, pro, enterprise, or one made in the admin). Takes effect at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="Address the user signs in with.")
        parser.add_argument("--plan", required=True, help="Code of the plan.")

    def handle(self, *args: Any, email: str, plan: str, **options: Any) -> None:
        try:
            workspace_id = personal_workspace_id(email)
            apply_plan(workspace_id, plan)
        except NotFound as error:
            raise CommandError(error.message) from error
        balance = get_balance(workspace_id)
        left = "unlimited tokens" if balance.tokens_left is None else f"{balance.tokens_left:,} tokens left"
        self.stdout.write(f"{email} is on plan {balance.plan_name}: {left} until {balance.period_end:%-d %B %Y}.")
