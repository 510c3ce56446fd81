"""What happened to accounts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.devices import device_name
from accounts.types import SecurityEventKind
from core.models import TimestampedModel

_FOR_MAILS = ("export", "due_at", "expires_at")
_WORDS = {"taken_back": "taken back", "removed": "removed: {}"}


# What nobody who has an account did, and nobody's account was about; as long as it leads to anybody.
OF_STRANGERS = Q(subject_id=None, actor_id=None) & ~Q(address=None, agent="")


class SecurityEvent(TimestampedModel):
    """Something that matters for the security of an account. Written once, by `accounts.services.record_security_event`.

    People are ids without a reference, so that the trail outlives them. The database refuses every change but one: of people
    who are gone, and of strangers after a while, address, browser and details may be blanked (see the migrations).
    """

    kind = models.CharField(max_length=20, choices=SecurityEventKind)
    subject_id = models.UUIDField(null=True, help_text="Whose account it is about; empty: an address that nobody has.")
    actor_id = models.UUIDField(null=True, help_text="Who did it; empty: nobody who was signed in.")
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True, help_text="What the browser says of itself.")
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=SecurityEventKind.values), name="security_event_kind_known")]
        indexes = [
            models.Index(fields=["subject_id", "-id"], name="security_event_subject"),  # one's own page
            models.Index(fields=["actor_id"], name="security_event_actor", condition=Q(actor_id__isnull=False)),  # erasure
            models.Index(fields=["created_at"], name="security_event_strangers", condition=OF_STRANGERS),  # forgetting
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def done_by(self) -> str:
        """In one word, as the person it is about may see it: who the operator was is not for them."""
        if self.actor_id is None:
            return "Nobody signed in"
        return "Oneself" if self.actor_id == self.subject_id else "Operator"

    @property
    def detail_words(self) -> str:
        shown = {key: ", ".join(value) if isinstance(value, list) else str(value) for key, value in self.details.items()}
        change = " → ".join(filter(None, (shown.pop("from", ""), shown.pop("to", ""))))
        words = [_WORDS.get(key, "{}").format(value) for key, value in shown.items() if value and key not in _FOR_MAILS]
        return ", ".join(filter(None, (change, *words)))

    @property
    def device(self) -> str:
        return device_name(self.agent) if self.agent else ""

    @property
    def worrying(self) -> bool:
        """Whether somebody was refused."""
        return self.kind in (SecurityEventKind.SIGN_IN_FAILED, SecurityEventKind.FACTOR_FAILED)
