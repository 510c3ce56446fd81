"""`manage.py export_user --email E --out FILE.zip`: everything that is kept of one person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services.export_person import export_person
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind
from core.exceptions import DomainError


class Command(BaseCommand):
    """The person sees in their account activity that it was done."""

    help = "Write everything that is kept of one person (profile, conversations, usage, account activity) to a ZIP file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="Address the user signs in with.")
        parser.add_argument("--out", required=True, type=Path, help="The file to write; one of that name is replaced.")

    def handle(self, *args: Any, email: str, out: Path, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no user with the address {email}.")
        try:
            count = export_person(user.pk, out)
            record_security_event(SecurityEventKind.DATA_EXPORTED, subject_id=user.pk, details={"by": "the people who run this site"})
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{out} could not be written: {error.strerror}") from error
        self.stdout.write(f"{out}: {count:,} files, {out.stat().st_size:,} bytes.")
