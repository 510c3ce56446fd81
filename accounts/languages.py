"""The languages that a person may choose from: `settings.LANGUAGES`. Texts are the same in all of them; dates are not."""

from __future__ import annotations

import functools
from datetime import datetime

from django.conf import settings
from django.utils import formats, translation

_EXAMPLE = datetime(2026, 12, 31, 16)


def known_language(code: str) -> bool:
    return any(code == known for known, _ in settings.LANGUAGES)


@functools.cache
def language_choices() -> list[tuple[str, str]]:
    """Each with a date as it is written there; the empty one is the site's own."""
    names = {code: f"{name} · {_example(code)}" for code, name in settings.LANGUAGES}
    return [("", f"The site's own: {dict(settings.LANGUAGES)[settings.LANGUAGE_CODE]}"), *names.items()]


def _example(code: str) -> str:
    with translation.override(code):
        return formats.date_format(_EXAMPLE, "DATETIME_FORMAT")
