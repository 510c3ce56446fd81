"""`{{ value|as_json }}`: for a `data-` attribute that a script reads."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return dict(o) if hasattr(o, "keys") else super().default(o)


@register.filter
def as_json(value: Any) -> str:
    """The value as JSON text, which the template escapes like any other."""
    return json.dumps(value, cls=_Encoder)
