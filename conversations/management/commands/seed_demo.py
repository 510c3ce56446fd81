"""`manage.py seed_demo`: bulk realistic data for one user."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.selectors.actor import actor_for
from accounts.types import Actor
from conversations.services.seed_demo import seed_demo
from core.exceptions import DomainError
from usage.services import apply_plan


class Command(BaseCommand):
    """Makes the user when missing; running it again adds more."""

    help = "Add conversations with a realistic history, ledger included, to one user, who is made when missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--password", default="", help="for a user who does not exist yet; one who does keeps theirs")
        parser.add_argument("--conversations", type=int, default=20, help="how many to add (20)")
        parser.add_argument("--messages", type=int, default=20, help="in each of them (20); whole turns, so an odd number is rounded up")
        parser.add_argument("--plan", default="enterprise", help="plan of the workspace, so that the history leaves room (enterprise)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["conversations"] < 0 or options["messages"] < 0:
            raise CommandError("Numbers of conversations and messages are not negative.")
        try:
            with transaction.atomic():
                actor = self._actor(options["email"], options["password"])
                apply_plan(actor.workspace_id, options["plan"])
            self._seed(actor, options["conversations"], options["messages"])
        except DomainError as error:
            raise CommandError(error.message) from error

    def _actor(self, email: str, password: str) -> Actor:
        users: Any = get_user_model()._default_manager
        user = users.filter(email=email.strip().lower()).first()
        if user is None:
            if not password:
                raise CommandError(f"There is no user {email}; give --password to make one.")
            user = users.create_user(email, password)
            self.stdout.write(f"Made the user {user.email}.")
        return actor_for(user.pk)

    def _seed(self, actor: Actor, conversations: int, messages: int) -> None:
        began, total = time.monotonic(), conversations * (messages + messages % 2)

        def tell(written: int) -> None:
            seconds = max(0.001, time.monotonic() - began)
            self.stdout.write(f"{written:,} of {total:,} messages, {written / seconds:,.0f} a second")

        # Another seed each time, so that a second run does not repeat the first.
        seed_demo(actor, conversations=conversations, messages=messages, seed=time.time_ns(), on_progress=tell)
        self.stdout.write(f"Added {conversations:,} conversations.")
