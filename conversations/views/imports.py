"""`/settings/import/`: bring an archive, watch its import, read what came of it. Works as a plain form and with JavaScript."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.archives.refusals import size_words
from conversations.selectors.imports import list_imports, view_import
from conversations.services.cancel_import import cancel_import
from conversations.services.start_import import check_may_import, imports_folder, start_import
from conversations.uploads import ArchiveUpload
from conversations.views.requests import ActorRequest, no_store, signed_in
from core.exceptions import DomainError, InvalidInput

_FORM_OVERHEAD = 64 * 1024


@csrf_exempt
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponseBase:
    """The page; POST brings an archive (field `archive`).

    Exempt only so far: the upload's handler has to be there before the CSRF check reads the form, which `_checked` then does.
    """
    if request.method != "POST" or not request.user.is_authenticated:
        return _page(request)
    handler = ArchiveUpload(request, imports_folder(), settings.IMPORT_MAX_UPLOAD_BYTES)
    try:
        return _receive(request, handler)
    finally:
        handler.discard()


@require_GET
@signed_in
def progress(request: ActorRequest, job_id: UUID) -> HttpResponse:
    """One import as it is now: what the page asks for every two seconds while it runs."""
    job = view_import(request.actor, job_id)
    if not request.htmx:
        return redirect("imports:imports")
    return no_store(render(request, "conversations/imports/_import.html", {"job": job, "live": True}))


@require_POST
@signed_in
def cancel(request: ActorRequest, job_id: UUID) -> HttpResponse:
    if cancel_import(request.actor, job_id):
        notices.info(request, "The import was cancelled. What it had brought stays.")
    return redirect("imports:imports")


@signed_in
def _page(request: ActorRequest) -> HttpResponse:
    return _show(request)


@signed_in
def _receive(request: ActorRequest, handler: ArchiveUpload) -> HttpResponseBase:
    """Refused before anything is read where that is possible."""
    try:
        check_may_import(request.actor, max(int(request.META.get("CONTENT_LENGTH") or 0) - _FORM_OVERHEAD, 0))
    except DomainError as error:
        return _refused(request, error)
    request.upload_handlers = [handler]
    return _checked(request, handler)


@csrf_protect
def _checked(request: ActorRequest, handler: ArchiveUpload) -> HttpResponse:
    try:
        _ = request.FILES  # reads the form, unless the check has done so
        if handler.too_large:
            check_may_import(request.actor, settings.IMPORT_MAX_UPLOAD_BYTES + 1)
        upload = handler.taken()
        if upload is None:
            raise InvalidInput("Choose a file first.", code="no_file")
        start_import(request.actor, upload, handler.name)
    except DomainError as error:
        return _refused(request, error)
    address = reverse("imports:imports")
    if request.headers.get("X-Upload"):
        return no_store(HttpResponse(status=204, headers={"X-Location": address}))
    return redirect(address)


def _refused(request: ActorRequest, error: DomainError) -> HttpResponse:
    """The line alone for the script that sends the file; else the page with the line above the form."""
    if request.headers.get("X-Upload"):
        return no_store(HttpResponse(error.message, status=error.http_status, content_type="text/plain; charset=utf-8"))
    return _show(request, error)


def _show(request: ActorRequest, error: DomainError | None = None) -> HttpResponse:
    jobs = list_imports(request.actor)
    context: dict[str, Any] = {
        "running": jobs[0] if jobs and jobs[0].unfinished else None,
        "over": [job for job in jobs if not job.unfinished],
        "error": error,
        "limit": size_words(settings.IMPORT_MAX_UPLOAD_BYTES),
        "limit_bytes": settings.IMPORT_MAX_UPLOAD_BYTES,
    }
    return no_store(render(request, "conversations/imports/page.html", context, status=error.http_status if error else 200))
