"""What this app holds of somebody who is being erased, beyond the rows that go with theirs."""

from __future__ import annotations

from email import message_from_bytes
from email.utils import getaddresses
from pathlib import Path
from uuid import UUID

from django.conf import settings

from accounts.selectors import addresses_of


def erase_of_person(user_id: UUID, workspace_id: UUID | None) -> bool:
    """Where mails are kept as files (no mail server is set), those to this person are deleted, also those to their former addresses.

    Always done at once.
    """
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", None) or "")
    if folder.name and folder.is_dir():
        addresses = addresses_of(user_id)
        for path in folder.iterdir():
            if path.is_file() and _recipients(path) & addresses:
                path.unlink(missing_ok=True)
    return True


def _recipients(path: Path) -> set[str]:
    try:
        head = message_from_bytes(path.read_bytes())
    except OSError:  # another erasure was faster
        return set()
    return {address.lower() for _, address in getaddresses(head.get_all("To", []))}
