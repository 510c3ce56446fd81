"""Pages that belong to no app."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, for people who are not signed in; everybody else goes on to their conversations."""
    if request.user.is_authenticated:
        return redirect("/c/")
    return render(request, "landing.html")
