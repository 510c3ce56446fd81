"""`/settings/data/`: everything one has here, to take along or to have erased."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import IO, Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.closing import closing_of_keep_link
from accounts.exports import export_link, file_of, is_signed
from accounts.models import DataExport, User
from accounts.proof import just_proved
from accounts.selectors.exports import export_of, exports_of, ready_export
from accounts.services.ask_for_export import ask_for_export
from accounts.services.close_account import close_account, keep_account
from accounts.services.record_security_event import record_security_event
from accounts.types import SecurityEventKind
from core.db_pool import in_db
from core.exceptions import DomainError, NotFound

_PIECE_BYTES = 256 * 1024


@login_required
@require_safe
@never_cache
def your_data(request: HttpRequest) -> HttpResponse:
    """What can be taken along, what was, and the way out."""
    return _page(request)


@require_POST
@login_required
@just_proved
def export(request: HttpRequest) -> HttpResponse:
    """Ask for the file with everything."""
    try:
        ask_for_export(_me(request).pk, request)
    except DomainError as error:
        return _page(request, error)
    return redirect("your-data")


@login_required
@require_safe
@never_cache
def export_progress(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """One export as it is now: what the page asks for every two seconds while it is written."""
    found = export_of(_me(request).pk, export_id)
    if request.headers.get("HX-Request") != "true":
        return redirect("your-data")
    return render(request, "account/_export.html", {**_item(found), "live": True})


@login_required
@require_safe
@never_cache
def download_export(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """The file, for its owner, through a signed link, until it expires. A session alone, which may be stolen, is not enough."""
    if not is_signed(export_id, request.GET.get("key", "")):
        raise Http404
    return _give(request, ready_export(_me(request).pk, export_id))


@just_proved
def _give(request: HttpRequest, found: DataExport) -> HttpResponseBase:
    try:
        file = file_of(found.id).open("rb")
    except OSError as error:
        raise NotFound("The file of this export is gone. Ask for a new one.") from error
    if request.method == "HEAD":
        file.close()
    else:
        me = found.user_id
        DataExport.objects.filter(id=found.id).update(downloaded_at=timezone.now())
        record_security_event(SecurityEventKind.DATA_DOWNLOADED, subject_id=me, actor_id=me, request=request)
    headers = {
        "Content-Disposition": content_disposition_header(True, f"my-data-{found.created_at:%Y-%m-%d}.zip") or "attachment",
        "Content-Length": str(found.size_bytes),
        # Keeps Django's GZipMiddleware away: it breaks asynchronous streams, and a ZIP gets no smaller.
        "Content-Encoding": "identity",
    }
    return StreamingHttpResponse(_stream(file), content_type="application/zip", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@just_proved
@never_cache
def delete_account(request: HttpRequest) -> HttpResponse:
    """What deletion means, and the button."""
    context: dict[str, Any] = {"grace_days": settings.ACCOUNT_GRACE_DAYS}
    if request.method != "POST":
        return render(request, "account/delete.html", context)
    try:
        close_account(_me(request), request)
    except DomainError as error:
        return render(request, "account/delete.html", {**context, "error": error}, status=error.http_status)
    logout(request)
    return redirect("account-closed")


@require_safe
@never_cache
def account_closed(request: HttpRequest) -> HttpResponse:
    """Where everybody with a closed account is led, signed in or just signed out."""
    user = request.user
    if user.is_authenticated and user.deletion_due_at is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "account/closed.html", {"due_at": user.deletion_due_at if user.is_authenticated else None})


@require_POST
@login_required
def keep(request: HttpRequest) -> HttpResponse:
    """Whoever has signed in to a closed account keeps it."""
    keep_account(_me(request).pk, request)
    messages.success(request, "Your account stays, with everything in it.")
    return redirect("settings")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def keep_by_mail(request: HttpRequest, signed: str) -> HttpResponse:
    """The link in the mail: a page with one button, for programs that read mail open links too. Nobody has to be signed in."""
    closing = closing_of_keep_link(signed)
    if closing is None:
        return render(request, "account/keep.html", {"over": True}, status=404)
    if request.method != "POST":
        return render(request, "account/keep.html", {})
    try:
        keep_account(closing[0], request, due_at=closing[1])
    except NotFound:
        return render(request, "account/keep.html", {"over": True}, status=404)
    messages.success(request, "Your account stays, with everything in it.")
    return redirect("settings" if request.user.is_authenticated else "account_login")


def _page(request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
    items = [_item(found) for found in exports_of(_me(request).pk)]
    running = next((item for item in items if item["export"].unfinished), None)
    context = {
        "running": running,
        "over": [item for item in items if item is not running],
        "error": error,
        "grace_days": settings.ACCOUNT_GRACE_DAYS,
    }
    return render(request, "account/your_data.html", context, status=error.http_status if error else 200)


def _item(found: DataExport) -> dict[str, Any]:
    return {"export": found, "link": export_link(found.id)}


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)


async def _stream(file: IO[bytes]) -> AsyncIterator[bytes]:
    """Read in threads, a piece at a time: a large file is never in memory."""
    with file:
        while piece := await in_db(file.read, _PIECE_BYTES):
            yield piece
