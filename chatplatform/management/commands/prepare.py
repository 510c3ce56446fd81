"""Everything a start needs in the database and on disk; every step may be repeated."""

from __future__ import annotations

from django.core.management import call_command
from django.core.management.base import BaseCommand

from chatplatform.schedule import install_schedule
from providers.services.load_catalogue import load_catalogue
from usage.services import ensure_plans


class Command(BaseCommand):
    help = "Check the settings, migrate, load the model catalogue and the plans, install the schedule, collect static files."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write("Checking the settings")
        call_command("check", verbosity=0)
        self.stdout.write("Migrating the database")
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write("Loading models, prices and plans")
        load_catalogue()
        ensure_plans()
        install_schedule()
        self.stdout.write("Collecting static files")
        call_command("collectstatic", interactive=False, verbosity=0)
