"""Forms of the admin's pages about reports of providers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from usage.reports.plan import Plan, ReportFile
from usage.reports.types import Limits, ReportSource

MOST_BYTES = Limits().file_bytes
_LONGEST_RANGE = timedelta(days=400)
_SOURCES = [
    (ReportSource.OPENAI.value, "OpenAI"),
    (ReportSource.ANTHROPIC.value, "Anthropic"),
    (ReportSource.OPENROUTER.value, "OpenRouter"),
]


class _About(forms.Form):
    """How a file is to be read."""

    source = forms.ChoiceField(label="Whose report", choices=_SOURCES)
    provider = forms.RegexField(
        r"^[a-z_]{1,40}$",
        label="Calls of",
        required=False,
        help_text="A provider in the ledger, if not the usual one. OpenRouter’s are those of openai_compatible.",
    )
    label = forms.CharField(
        label="Only", required=False, max_length=200, help_text="A key, project or workspace of the provider. Empty: all."
    )
    share = forms.BooleanField(
        label="Share differences of days out among workspaces",
        required=False,
        help_text="In proportion to their use, to the last decimal. Otherwise the platform carries them and no customer does.",
    )

    def _facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        source = ReportSource(given["source"])
        return {"source": source, "provider": given["provider"] or source.ledger_provider, "label": given["label"], "share": given["share"]}


class UploadForm(_About):
    file = forms.FileField(
        label="File", allow_empty_file=True, help_text=f"CSV or JSON as the provider gives it, at most {MOST_BYTES >> 20} MB."
    )
    field_order = ("file", "source", "provider", "label", "share")

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(f"The file is larger than {MOST_BYTES >> 20} MB. Split it by time, or use the command.")
        return file

    def as_file(self, digest: str, size: int) -> ReportFile:
        return ReportFile(name=self.cleaned_data["file"].name or "report", size=size, digest=digest, **self._facts())


class ConfirmForm(_About):
    """The same, carried along unseen, with what the preview showed."""

    name = forms.CharField(max_length=255)
    digest = forms.RegexField(r"^[0-9a-f]{64}$")
    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.HiddenInput()

    @classmethod
    def of(cls, file: ReportFile, plan: Plan) -> ConfirmForm:
        facts = {"source": file.source.value, "provider": file.provider, "label": file.label, "share": file.share or ""}
        return cls(initial={**facts, "name": file.name, "digest": file.digest, "fingerprint": plan.fingerprint})

    def as_file(self, size: int) -> ReportFile:
        return ReportFile(name=self.cleaned_data["name"], size=size, digest=self.cleaned_data["digest"], **self._facts())


class DriftForm(forms.Form):
    first = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}))
    provider = forms.RegexField(r"^[a-z_]{1,40}$", label="Provider", required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and not first <= last <= first + _LONGEST_RANGE:
            raise forms.ValidationError("Choose a range of at most 400 days that ends after it begins.")
        return given
