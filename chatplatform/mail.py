"""Which door mail leaves by: Resend, SMTP, the console or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from chatplatform.env import Environment


def mail_settings(env: Environment, var_dir: Path) -> dict[str, Any]:
    """Django's e-mail settings. `RESEND_API_KEY` wins over `EMAIL_URL`; with neither, mails are kept as files.

    `EMAIL_URL`: `smtp://user:password@host:587`, `smtp+tls://` (STARTTLS), `smtps://` (TLS), `console://`, `file:///folder`.
    """
    key = env.text("RESEND_API_KEY")
    if key:
        return {"EMAIL_BACKEND": "anymail.backends.resend.EmailBackend", "ANYMAIL": {"RESEND_API_KEY": key}}
    url = urlsplit(env.text("EMAIL_URL") or f"file://{var_dir / 'mail'}")
    if url.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if url.scheme == "file":
        return {"EMAIL_BACKEND": "core.mail_files.EmailBackend", "EMAIL_FILE_PATH": url.path}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 587 if url.scheme == "smtp+tls" else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_TIMEOUT": 15,
    }
