"""`manage.py load_catalogue`: the shipped models and prices into the database."""

from typing import Any

from django.core.management.base import BaseCommand

from providers.services.load_catalogue import load_catalogue


class Command(BaseCommand):
    help = "Add the models and prices that this product ships. Safe to run at every start; keeps what an operator changed."

    def handle(self, *args: Any, **options: Any) -> None:
        done = load_catalogue()
        self.stdout.write(f"Model catalogue: {done.added} added, {done.updated} updated, {done.prices} prices set.")
