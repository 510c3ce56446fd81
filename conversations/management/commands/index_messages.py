"""`manage.py index_messages`: make every message searchable."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from conversations.services.index_messages import index_all


class Command(BaseCommand):
    """Safe at any time, also beside the running product; what is done already is passed over."""

    help = "Add the messages that search does not know yet; with --again, write all entries anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="write the entries that exist once more (after a change of how words are found)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()

        def tell(seen: int, written: int) -> None:
            rate = written / max(0.001, time.monotonic() - began)
            self.stdout.write(f"{seen:,} messages looked at, {written:,} indexed, {rate:,.0f} a second")

        written = index_all(again=options["again"], on_progress=tell)
        self.stdout.write(f"Indexed {written:,} messages.")
