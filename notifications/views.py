"""`/settings/notifications/`: what people are written about, and the way out that stands in every mail they may refuse."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.selectors import find_person
from notifications.selectors.choices import muted_topics, wants
from notifications.services.set_muted_topics import mute, set_muted_topics, unmute
from notifications.stopping import read_stop_link
from notifications.topics import SENTENCES
from notifications.types import Topic


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def choices(request: HttpRequest) -> HttpResponse:
    """A box for each topic. POST stores all of them: what is not ticked is muted."""
    user_id = cast(UUID, request.user.pk)
    if request.method == "POST":
        wanted = request.POST.getlist("topics")
        set_muted_topics(user_id, frozenset(topic for topic in Topic if topic.value not in wanted))
        messages.success(request, "Your choices are saved.")
        return redirect("notification-choices")
    muted = muted_topics(user_id)
    topics = [{"topic": topic, "wanted": topic not in muted, "sentence": SENTENCES[topic]} for topic in Topic]
    return render(request, "notifications/choices.html", {"topics": topics})


# No CSRF token: mail programs post it (RFC 8058). The signature is the proof, and all that it can do is to mute one topic.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """The link in a mail. Nobody has to be signed in; programs that open links change nothing, for a button has to be pressed.

    POST answers with the page itself: mail programs follow no redirect after it (RFC 8058, 3.1).
    """
    found = _read(signed)
    if found is None:
        return _gone(request)
    if request.method == "POST":
        mute(*found)
    user_id, topic = found
    context = {"signed": signed, "topic": topic, "sentence": SENTENCES[topic], "stopped": not wants(user_id, topic)}
    return render(request, "notifications/stop.html", context)


@require_POST
@never_cache
def undo_stop(request: HttpRequest, signed: str) -> HttpResponse:
    """The button of the page that says that no more mails come."""
    found = _read(signed)
    if found is None:
        return _gone(request)
    unmute(*found)
    messages.success(request, "These mails come again.")
    return redirect("stop-mails", signed)


def _read(signed: str) -> tuple[UUID, Topic] | None:
    """None as well when the person is gone."""
    found = read_stop_link(signed)
    return found if found and find_person(found[0]) else None


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/stop.html", {"gone": True}, status=404)
