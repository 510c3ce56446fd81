"""What a person chooses when they share."""

from __future__ import annotations

from typing import Any

from django import forms

from conversations.reading_types import ShareOptions

EXPIRY = (("1", "1 day"), ("7", "7 days"), ("30", "30 days"), ("", "Never"))


class ShareForm(forms.Form):
    """Everything that could be private is off until it is chosen. What there is nothing of is not offered."""

    name = forms.BooleanField(required=False)
    reasoning = forms.BooleanField(required=False, label="Include the models’ reasoning")
    system_prompt = forms.BooleanField(required=False, label="Include the system prompt")
    days = forms.ChoiceField(label="Link expires after", choices=EXPIRY, required=False, widget=forms.RadioSelect, initial="")

    def __init__(self, *args: Any, own_name: str, has_system_prompt: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = f"Show my name, “{own_name}”"
        if not own_name:
            del self.fields["name"]
        if not has_system_prompt:
            del self.fields["system_prompt"]

    def options(self) -> ShareOptions:
        """What was chosen; the form is valid."""
        data = self.cleaned_data
        return ShareOptions(
            days=int(data["days"]) if data["days"] else None,
            name=data.get("name", False),
            reasoning=data["reasoning"],
            system_prompt=data.get("system_prompt", False),
        )
