"""Who may make an account."""

from __future__ import annotations

from django.db import models

from core.models import TimestampedModel


class Invitation(TimestampedModel):
    """Somebody may make an account while sign-up is by invitation: the owner of this address, through a link. Gone once they have."""

    email = models.EmailField("email", max_length=254)
    token = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["email"], name="invitation_email")]  # asked at every sign-up

    def __str__(self) -> str:
        return self.email
