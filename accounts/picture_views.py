"""`/settings/picture/`: one's own picture, by plain forms."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.picture_upload import PictureUpload
from accounts.pictures import MAX_BYTES, too_large
from accounts.selectors.pictures import picture_of
from accounts.services.set_picture import remove_picture, set_picture
from accounts.views import show_settings
from core.exceptions import DomainError, InvalidInput

_FORM_OVERHEAD_BYTES = 64 * 1024
_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",  # another picture has another address
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Encoding": "identity",  # keeps Django's GZipMiddleware away: a WebP gets no smaller
}


@csrf_exempt
@require_POST
@login_required
def change_picture(request: HttpRequest) -> HttpResponse:
    """The file of the field `picture` becomes one's picture; one that is too large is refused before it is read.

    Exempt only so far: the upload's handler has to be there before the CSRF check reads the form, which `_checked` then does.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + _FORM_OVERHEAD_BYTES:
        return show_settings(request, picture_error=too_large())
    upload = PictureUpload(request, MAX_BYTES)
    request.upload_handlers = [upload]
    return _checked(request, upload)


@csrf_protect
def _checked(request: HttpRequest, upload: PictureUpload) -> HttpResponse:
    _ = request.FILES  # reads the form, unless the check has done so
    try:
        if upload.too_large:
            raise too_large()
        if upload.data is None:
            raise InvalidInput("Choose a picture first.", code="no_file")
        set_picture(cast(User, request.user).pk, bytes(upload.data))
    except DomainError as error:
        return show_settings(request, picture_error=error)
    messages.success(request, "Your picture is changed.")
    return redirect("settings")


@require_POST
@login_required
def take_picture_away(request: HttpRequest) -> HttpResponse:
    """Initials again, and the picture is deleted."""
    if remove_picture(cast(User, request.user).pk):
        messages.success(request, "Your picture is removed.")
    return redirect("settings")


@login_required
@require_safe
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """One's own picture, and nobody else's; its address changes with it, so that browsers keep it."""
    return HttpResponse(picture_of(cast(User, request.user).pk, digest), content_type="image/webp", headers=_HEADERS)
