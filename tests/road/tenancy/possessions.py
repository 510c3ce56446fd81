"""What the owner has: rows of every model that can be somebody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from accounts.exports import file_of
from accounts.models import Avatar, DataExport, Invitation, User
from accounts.services.record_security_event import record_security_event
from accounts.types import Actor, ExportState, SecurityEventKind
from conversations.models import AnswerSignal, Conversation, Feedback, Folder, ImportJob, Share
from conversations.reading_types import ShareOptions
from conversations.services.change_many import Action, change_many
from conversations.services.delete_conversation import delete_conversation
from conversations.services.index_messages import index_messages
from conversations.services.share_conversation import share_conversation
from conversations.services.start_import import imports_folder
from conversations.types import Turn
from core.ids import uuid7
from notifications.models import Muted, Notification
from tests.road import house
from tests.road.tenancy.passkey import credential
from tests.road.tenancy.words import EMAIL, SOUGHT, WORD, hide_the_word
from usage.models import LimitWarning, Period
from usage.services import apply_plan
from usage.services.roll_up import roll_up


@dataclass(frozen=True, slots=True)
class Possessions:
    """Turns in every state that a conversation may be in, and the ids of what else addresses name."""

    ended: Turn
    running: Turn
    deleted: Turn
    folder_id: UUID
    share: Share
    import_id: UUID
    export_id: UUID
    passkey_id: int
    invitation: str
    undo: str
    changed_address: UUID

    @property
    def turns(self) -> tuple[Turn, ...]:
        return (self.ended, self.running, self.deleted)


def everything_of(owner: Actor) -> Possessions:
    apply_plan(owner.workspace_id, "enterprise")
    ended, deleted = (house.answer(f"{WORD} {SOUGHT}", actor=owner).turn for _ in range(2))
    delete_conversation(owner, deleted.conversation_id)
    roll_up()
    house.answer(f"{WORD} in no rollup", actor=owner)
    running = house.send(owner, f"{WORD} that waits")
    index_messages([ended.user_message_id, ended.assistant_message_id])
    _about_the_answer(owner, ended)
    folder = Folder.objects.create(owner_id=owner.user_id, workspace_id=owner.workspace_id)
    Conversation.objects.filter(id=ended.conversation_id).update(folder=folder)
    (imports_folder() / "upload").write_text(WORD)
    job = ImportJob.objects.create(owner_id=owner.user_id, workspace_id=owner.workspace_id, path="imports/upload")
    changed_address = _of_the_account(owner)
    _of_sign_in(owner)
    hide_the_word(owner)
    shown = ShareOptions(name=True, reasoning=True, system_prompt=True)
    possessions = Possessions(
        ended=ended,
        running=running,
        deleted=deleted,
        folder_id=folder.id,
        share=share_conversation(owner, ended.conversation_id, shown, uuid7()),
        import_id=job.id,
        export_id=_export(owner),
        passkey_id=_passkey(owner),
        invitation=_invitation(),
        undo=change_many(owner, {ended.conversation_id}, Action.PIN).undo,
        changed_address=changed_address,
    )
    hide_the_word(owner)
    return possessions


def _about_the_answer(owner: Actor, turn: Turn) -> None:
    of = {"generation_id": turn.generation_id, "workspace_id": owner.workspace_id, "user_id": owner.user_id}
    Feedback.objects.create(**of, rating="bad")
    AnswerSignal.objects.create(**of, kind="stopped")
    period = Period.objects.filter(workspace_id=owner.workspace_id).latest("starts_at")
    LimitWarning.objects.create(period=period, level=80, next_try_at=timezone.now(), mail="sent")


def _of_the_account(owner: Actor) -> UUID:
    """Returns the event of a change of address, which its mail can take back."""
    Avatar.objects.create(user_id=owner.user_id, image=b"RIFF....WEBP" + WORD.encode(), digest=uuid7().hex[:16])
    Muted.objects.create(user_id=owner.user_id, topic="news")
    Notification.objects.create(user_id=owner.user_id, kind="welcome", address=EMAIL, key=str(uuid7()), context={"word": WORD})
    details = {"from": f"former.{EMAIL}", "to": EMAIL}
    return record_security_event(SecurityEventKind.EMAIL_CHANGED, subject_id=owner.user_id, actor_id=owner.user_id, details=details)


def _of_sign_in(owner: Actor) -> None:
    address, _ = EmailAddress.objects.get_or_create(user_id=owner.user_id, email=EMAIL, defaults={"primary": True, "verified": True})
    EmailConfirmation.objects.create(email_address=address, key=uuid7().hex)
    EmailAddress.objects.create(user_id=owner.user_id, email=f"second.{EMAIL}")
    app = SocialApp.objects.create(provider="somewhere", name="Somewhere", client_id="id")
    account = SocialAccount.objects.create(user_id=owner.user_id, provider="somewhere", extra_data={"name": WORD})
    SocialToken.objects.create(app=app, account=account)
    Authenticator.objects.create(user_id=owner.user_id, type=Authenticator.Type.TOTP, data={"secret": WORD})
    user = User.objects.get(pk=owner.user_id)
    RecoveryCodes.activate(user)
    user.groups.add(Group.objects.create(name="A group"))
    user.user_permissions.add(Permission.objects.get(codename="view_plan"))


def _export(owner: Actor) -> UUID:
    """Ready to be fetched."""
    ready: dict[str, Any] = {"state": ExportState.READY, "expires_at": timezone.now() + timedelta(days=1), "size_bytes": len(WORD)}
    export = DataExport.objects.create(user_id=owner.user_id, **ready)
    file_of(export.id).write_bytes(WORD.encode())
    return export.id


def _passkey(owner: Actor) -> int:
    data = {"name": f"{WORD} key", "credential": credential()}
    key = Authenticator.objects.create(user_id=owner.user_id, type=Authenticator.Type.WEBAUTHN, data=data)
    return int(key.pk)


def _invitation() -> str:
    """For an address of the owner's, from before they had an account."""
    token = uuid7().hex
    Invitation.objects.create(email=EMAIL, token=token, expires_at=timezone.now() + timedelta(days=1))
    return token
