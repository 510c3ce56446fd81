"""The page for developers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chatplatform.gallery import account, answers, lists, panels, plan, whole, words, writing
from chatplatform.gallery.state import Group, drawn


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All groups of states, one below the other. Nothing in it asks the database, and its forms lead to nothing."""
    groups = [
        Group("Messages", answers.states()),
        Group("Composer", writing.states()),
        Group("Conversations", whole.states()),
        Group("Lists and menus", lists.states()),
        Group("Dialogs and panels", panels.states()),
        Group("Toasts, notices, banners", words.states()),
        Group("Plan and usage", plan.states()),
        Group("Account", account.states()),
    ]
    return render(request, "gallery/page.html", {"groups": drawn(request, groups)})
