"""Every mail to people, for developers: subject, text, and the HTML as a page of its own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from notifications.letters import write_letter
from notifications.topics import topic_of
from notifications.types import Kind, Letter

_SAMPLE = {
    "device": "Firefox on Linux",
    "ip": "192.0.2.7",
    "factor": "Authenticator app",
    "provider": "github",
    "email": "second@example.com",
    "from": "former@example.com",
    "to": "kim@example.com",
    "due_at": "2026-12-24T12:00:00+00:00",
    "expires_at": "2026-12-24T12:00:00+00:00",
    "ends_at": "2026-12-24T12:00:00+00:00",
    "link": "https://chat.example.com/a-link-of-its-own",
}


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/mails.html", {"mails": [(kind, _letter(kind)) for kind in Kind]})


@require_safe
def mail(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in Kind.values:
        raise Http404
    # A mail carries its styles with it.
    return HttpResponse(_letter(Kind(kind)).html, headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"})


def _letter(kind: Kind) -> Letter:
    topic = topic_of(kind)
    stop = {"stop_link": "https://chat.example.com/no-more-of-these", "stop_topic": topic.label} if topic else {}
    return write_letter(kind, {**_SAMPLE, **stop}, name="Kim", time_zone="Europe/Berlin", at=timezone.now())
