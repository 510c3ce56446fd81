"""Take back a price that has not begun."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from core.exceptions import Conflict, NotFound
from providers.models import AIModel, ModelPrice
from providers.selectors.catalogue import forget_catalogue


def withdraw_price(price_id: UUID) -> None:
    """The price never begins; the one before it goes on until what comes after this one, or without an end.

    One transaction under the model's row lock, as `set_price`. Raises `Conflict` for a price that has begun, which is history, and
    `NotFound`.
    """
    with transaction.atomic():
        known = ModelPrice.objects.filter(pk=price_id).first()
        if known is None:
            raise NotFound("We could not find that price.")
        AIModel.objects.select_for_update().get(pk=known.model_id)
        price = ModelPrice.objects.filter(pk=price_id).first()
        if price is None:
            return  # somebody else was faster
        if price.has_begun():
            raise Conflict("This price has begun: it is history. Add a new one, which closes it.", code="price_is_history")
        others = ModelPrice.objects.filter(model_id=price.model_id).exclude(pk=price.pk)
        before = others.filter(effective_to=price.effective_from).order_by("-effective_from").first()
        price.delete()
        if before is not None:
            before.effective_to = price.effective_to
            before.save()
        transaction.on_commit(forget_catalogue)
