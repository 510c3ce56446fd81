"""Every address that the product answers, with who may. A new one is declared here, or `test_routes.py` fails."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


class Policy(enum.Enum):
    OPEN = "for anybody"
    SIGNED_IN = "a page or a deed of one's own, that names nothing"
    OWNED = "names a thing: whose it is not gets 404"
    SIGNED = "whoever knows the address; one that is made up leads nowhere"
    OPERATORS = "the admin: `test_admin.py`"


@dataclass(frozen=True, slots=True)
class Route:
    """`refused`: what others get beside 404. `made_up`: what an address gets that nobody made. `also`: what else may come to whom it
    is for. `question`: the message that it names is one's own, not an answer.
    """

    policy: Policy
    refused: tuple[int, ...] = ()
    made_up: tuple[int, ...] = (404,)
    also: tuple[int, ...] = ()
    question: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """A pattern of the resolver. `name` has its namespace; of one without a name it is the pattern itself."""

    name: str
    pattern: str
    arguments: frozenset[str]


def every_address(
    resolver: URLResolver | None = None, prefix: str = "", namespace: str = "", above: frozenset[str] = frozenset()
) -> Iterator[Address]:
    for found in (resolver or get_resolver()).url_patterns:
        where = prefix + str(found.pattern)
        arguments = above | frozenset(found.pattern.converters) | frozenset(found.pattern.regex.groupindex)
        if isinstance(found, URLResolver):
            yield from every_address(found, where, f"{namespace}{found.namespace}:" if found.namespace else namespace, arguments)
        elif isinstance(found, URLPattern):
            yield Address(f"{namespace}{found.name}" if found.name else where, where, arguments)


def _all(policy: Policy, *names: str) -> dict[str, Route]:
    return dict.fromkeys(names, Route(policy))


_OURS = {
    **_all(Policy.OPEN, "landing", "diagram-frame", "manifest", "healthz"),
    "readyz": Route(Policy.OPEN, also=(503,)),  # no workers run here
    "metrics": Route(Policy.OPEN, also=(404,)),  # without METRICS_TOKEN there are none
    **_all(Policy.SIGNED_IN, "chat-preferences", "settings", "activity", "activity-csv", "your-data", "export-data", "delete-account"),
    **_all(Policy.SIGNED_IN, "security", "sign-out-others", "search", "shares:links", "imports:imports"),
    **_all(Policy.SIGNED_IN, *(f"usage:{name}" for name in ("page", "meter", "dismiss", "summary", "export_csv", "export_json"))),
    **_all(
        Policy.SIGNED_IN,
        *(
            f"conversations:{name}"
            for name in (
                "new", "list", "archived", "deleted", "many", "folders", "export_all", "shortcuts", "models", "tokens", "estimate_new",
            )
        ),
    ),
    **_all(Policy.OWNED, "sign-out-device", "export-progress", "download-export", "imports:progress", "imports:cancel"),
    **_all(Policy.OWNED, "shares:revoke", "shares:restore", "shares:update"),
    **_all(
        Policy.OWNED,
        *(
            f"conversations:{name}"
            for name in (
                "folder", "rename_folder", "delete_folder", "detail", "export_json", "log", "older", "options", "rename", "title", "pin",
                "unpin", "move", "archive", "unarchive", "delete", "read", "system", "keep", "estimate", "share", "export",
                "export_markdown", "print", "message", "around", "source", "stop", "regenerate", "continue", "show", "fork",
                "delete_branch", "restore", "restore_branch", "rate", "feedback", "more", "answer_models",
            )
        ),
    ),
    "conversations:edit": Route(Policy.OWNED, question=True),
    "conversations:between": Route(Policy.OWNED, question=True),
    # What was done is remembered for whoever did it; any other is told that it cannot be undone.
    "conversations:undo": Route(Policy.OWNED, refused=(302, 409)),
    **_all(Policy.SIGNED, "shares:shared", "shares:copy", "invitation"),
    **_all(Policy.SIGNED, "stop-mails", "stop-mails-undo", "take-address-back"),
    **_all(Policy.SIGNED_IN, "change-picture", "remove-picture", "notification-choices"),
    **_all(Policy.OWNED, "picture"),
    "account-closed": Route(Policy.OPEN),
    "keep-open": Route(Policy.SIGNED_IN, also=(404,)),  # the account is open
    "keep-account": Route(Policy.SIGNED, also=(404,)),
}  # fmt: skip

# `/accounts/`: allauth's, with our templates.
_ACCOUNTS = {
    **_all(Policy.OPEN, "account_login", "account_logout", "account_inactive", "account_signup", "account_email_verification_sent"),
    **_all(Policy.OPEN, "account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done"),
    **_all(Policy.OPEN, "account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn"),
    **_all(Policy.OPEN, "socialaccount_login_cancelled", "socialaccount_login_error", "socialaccount_signup"),
    **_all(Policy.OPEN, *(f"accounts/social/{name}/" for name in ("login/cancelled", "login/error", "signup", "connections"))),
    **_all(Policy.OPEN, "mfa_index", "mfa_list_webauthn", "socialaccount_connections"),  # lead to the security page
    **_all(Policy.SIGNED_IN, "account_reauthenticate", "account_email", "account_change_password", "account_set_password"),
    **_all(Policy.SIGNED_IN, *(f"mfa_{name}" for name in ("reauthenticate", "activate_totp", "deactivate_totp", "add_webauthn"))),
    **_all(Policy.SIGNED_IN, *(f"mfa_{name}_recovery_codes" for name in ("view", "generate", "download")), "mfa_reauthenticate_webauthn"),
    **_all(Policy.OWNED, "mfa_remove_webauthn", "mfa_edit_webauthn"),
    "account_confirm_email": Route(Policy.SIGNED, made_up=(200, 404), also=(404,)),  # the address is proved already
    "account_reset_password_from_key": Route(Policy.SIGNED, made_up=(200, 404)),
}

# Without a model of their own. Those of models follow from `admin_tables.py`.
_ADMIN = _all(
    Policy.OPERATORS,
    *(
        f"admin:{name}"
        for name in (
            "index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "view_on_site", "app_list",
            "auth_user_password_change", "usage_providerreport_import", "usage_providerreport_confirm", "usage_providerreport_drift",
        )
    ),
    "admin/(?P<url>.*)$",
)  # fmt: skip

ROUTES: dict[str, Route] = {**_OURS, **_ACCOUNTS, **_ADMIN}

# With DEBUG only.
FOR_DEVELOPERS = {"gallery", "gallery-mails", "gallery-mail"}
