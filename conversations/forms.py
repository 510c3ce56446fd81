"""What the composer sends, and how somebody likes to chat."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import HttpRequest, QueryDict

from accounts.types import ChatPreferences
from conversations.model_words import provider_name
from conversations.types import Beginning
from core.exceptions import InvalidInput
from core.ids import uuid7
from providers.types import ModelInfo

INSTRUCTIONS_CHARACTERS = 8000


def read_uuid(request: HttpRequest, name: str) -> UUID | None:
    """A UUID from the posted form, None when it is empty. Raises `InvalidInput` for anything else."""
    value = request.POST.get(name, "").strip()
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError as error:
        raise InvalidInput("This page is out of date. Reload it and send again; your text stays.", code="bad_form") from error


def read_beginning(request: HttpRequest) -> Beginning:
    """What a new conversation begins with. The form of an open one has none of these fields."""
    return Beginning(system_prompt=request.POST.get("system", ""), temporary=bool(request.POST.get("temporary")))


def new_client_key() -> UUID:
    """A key for one composer: whatever it sends with it, it sends once."""
    return uuid7()


class ChatPreferencesForm(forms.Form):
    """The key that sends, shortcuts, custom instructions, the model of new conversations."""

    send_with = forms.ChoiceField(
        label="Send with",
        choices=[("enter", "Enter"), ("modifier", "Ctrl or ⌘ + Enter")],
        widget=forms.RadioSelect,
        help_text="The other one makes a new line: Shift + Enter, or Enter alone. On a touch screen Enter is always a new line.",
    )
    shortcuts = forms.BooleanField(required=False, label="Keyboard shortcuts in the chat")
    default_model_key = forms.ChoiceField(required=False, label="New conversations start with")
    custom_instructions = forms.CharField(
        required=False,
        strip=True,
        max_length=INSTRUCTIONS_CHARACTERS,
        label="Custom instructions",
        help_text="What every model should know about you and how you like your answers. Sent with each message in all your "
        "conversations, so it counts as input every time.",
        widget=forms.Textarea(attrs={"rows": "8", "data-count": "", "dir": "auto"}),
    )

    def __init__(self, models: Iterable[ModelInfo], stored: ChatPreferences, data: QueryDict | None = None) -> None:
        initial = {
            "send_with": "modifier" if stored.send_with_modifier else "enter",
            "shortcuts": stored.shortcuts,
            "default_model_key": stored.default_model_key,
            "custom_instructions": stored.custom_instructions,
        }
        super().__init__(data, initial=initial, label_suffix="")
        # The limit is said and checked; a browser that cuts what is pasted would lose the end of it without a word.
        del self.fields["custom_instructions"].widget.attrs["maxlength"]
        cast(forms.ChoiceField, self.fields["default_model_key"]).choices = _model_choices(models, stored.default_model_key)

    def clean_custom_instructions(self) -> str:
        text: str = self.cleaned_data["custom_instructions"]
        return text.replace("\r\n", "\n")

    @property
    def preferences(self) -> ChatPreferences:
        """What was chosen. Only of a valid form."""
        chosen = self.cleaned_data
        return ChatPreferences(
            send_with_modifier=chosen["send_with"] == "modifier",
            shortcuts=chosen["shortcuts"],
            custom_instructions=chosen["custom_instructions"],
            default_model_key=chosen["default_model_key"],
        )


def _model_choices(models: Iterable[ModelInfo], stored: str) -> list[Any]:
    groups: list[Any] = [("", "The model I used last")]
    known = set()
    for provider, rows in groupby(models, key=lambda model: model.provider):
        room = [(model.key, model.name) for model in rows]
        known |= {key for key, _ in room}
        groups.append((provider_name(provider), room))
    if stored and stored not in known:
        groups.append((stored, f"{stored.partition(':')[2]} (not offered at the moment)"))
    return groups
