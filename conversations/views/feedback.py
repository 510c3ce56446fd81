"""Thumbs, and why."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from conversations.exceptions import MessageNotFound
from conversations.feedback_reasons import COMMENT_CHARACTERS, REASONS
from conversations.models import Rating
from conversations.selectors.feedback import get_feedback
from conversations.services.rate_answer import explain_rating, rate_answer
from conversations.views.actions import home
from conversations.views.requests import ActorRequest, done, no_store, place_of, refused, signed_in
from core.exceptions import DomainError


@require_POST
@signed_in
def rate(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Set or take back a thumb. With HTMX the message as it is now; a plain form is led on to the reasons for a bad one."""
    rating = request.POST.get("rating", "")
    try:
        message = rate_answer(request.actor, conversation_id, message_id, rating)
    except DomainError as error:
        return refused(request, error, home(conversation_id))
    if request.htmx:
        return no_store(render(request, "conversations/_message.html", {"message": message}))
    if rating == Rating.BAD:
        return redirect(reverse("conversations:feedback", args=[conversation_id, message_id]))
    return redirect(place_of(conversation_id, message_id))


@require_http_methods(["GET", "POST"])
@signed_in
def feedback(request: ActorRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Why an answer was good or bad: the reasons to choose from, and what was chosen."""
    back = place_of(conversation_id, message_id)
    if request.method == "POST":
        reason, comment = request.POST.get("reason", ""), request.POST.get("comment", "")
        try:
            explain_rating(request.actor, conversation_id, message_id, reason=reason, comment=comment)
        except DomainError as error:
            return refused(request, error, back)
        return done(request, back, "Thank you. It helps to choose better models.")
    given = get_feedback(request.actor, conversation_id, message_id)
    if given is None:
        raise MessageNotFound
    context = {
        "feedback": given,
        "reasons": REASONS[given.rating],
        "limit": COMMENT_CHARACTERS,
        "url": reverse("conversations:feedback", args=[conversation_id, message_id]),
        "back": back,
    }
    template = "conversations/_feedback.html" if request.htmx else "conversations/feedback_page.html"
    return no_store(render(request, template, context))
