"""How people sign in: second step, other accounts, who may sign up."""

from __future__ import annotations

import re
from typing import Any

from chatplatform.env import EnvError, Environment

_GOOGLE = {
    "AUTHORIZE_URL": "/o/oauth2/v2/auth",
    "ACCESS_TOKEN_URL": "/token",
    "IDENTITY_URL": "/oauth2/v2/userinfo",
    "CERTS_URL": "/oauth2/v1/certs",
    "ID_TOKEN_ISSUER": "",
}


def sign_in_settings(env: Environment) -> dict[str, Any]:
    """allauth's settings beyond e-mail and password, and our own `SIGN_UP`, `SIGN_UP_DOMAINS` and `OTHER_ACCOUNTS`.

    Raises `EnvError` for half a pair of credentials and for a policy that could be walked around.
    """
    verification = env.choice("EMAIL_VERIFICATION", "none", ("none", "optional", "mandatory"))
    return {
        **_account(verification),
        **_second_step(env.text("SITE_NAME", "AI Chat Platform"), verified=verification != "none"),
        **_sign_up(env, verification),
        **_other_accounts(env),
    }


def _account(verification: str) -> dict[str, Any]:
    return {
        "ACCOUNT_ADAPTER": "accounts.adapter.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_EMAIL_VERIFICATION": verification,
        "ACCOUNT_UNIQUE_EMAIL": True,
        "ACCOUNT_SIGNUP_REDIRECT_URL": "/c/",
        "ACCOUNT_LOGOUT_ON_GET": False,
        "ACCOUNT_SESSION_REMEMBER": None,
        # The app "notifications" tells people what changed (ADR 9).
        "ACCOUNT_EMAIL_NOTIFICATIONS": False,
        "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
        # Beside these: accounts.doors (every knock) and accounts.attempts (failed passwords, mails to one address).
        "ACCOUNT_RATE_LIMITS": {"reset_password": "20/m/ip", "login": "60/m/ip"},
        "ACCOUNT_FORMS": {
            "login": "accounts.forms.LoginForm",
            "signup": "accounts.forms.SignupForm",
            "reset_password": "accounts.forms.ResetPasswordForm",
            "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
            "change_password": "accounts.forms.ChangePasswordForm",
            "set_password": "accounts.forms.SetPasswordForm",
            "add_email": "accounts.forms.AddEmailForm",
            "reauthenticate": "accounts.forms.ReauthenticateForm",
        },
    }


def _second_step(site_name: str, *, verified: bool) -> dict[str, Any]:
    return {
        "MFA_ADAPTER": "accounts.factors.FactorAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_TOTP_ISSUER": site_name,
        # Clocks of phones are not exact. That no code works twice meanwhile is seen to by accounts.factor_forms.
        "MFA_TOTP_TOLERANCE": 1,
        # Where addresses are proved, only an owner who has proved theirs may lock others out of the account.
        "MFA_ALLOW_UNVERIFIED_EMAIL": not verified,
        "MFA_FORMS": {
            "authenticate": "accounts.factor_forms.AuthenticateForm",
            "reauthenticate": "accounts.factor_forms.ReauthenticateForm",
            "activate_totp": "accounts.factor_forms.ActivateTOTPForm",
            "login_webauthn": "accounts.factor_forms.LoginPasskeyForm",
            "authenticate_webauthn": "accounts.factor_forms.AuthenticatePasskeyForm",
            "reauthenticate_webauthn": "accounts.factor_forms.ReauthenticatePasskeyForm",
            "add_webauthn": "accounts.factor_forms.AddPasskeyForm",
            "edit_webauthn": "accounts.factor_forms.RenamePasskeyForm",
        },
    }


def _sign_up(env: Environment, verification: str) -> dict[str, Any]:
    """Who may make an account."""
    policy = env.choice("SIGN_UP", "open", ("open", "domains", "invitation", "closed"))
    domains = [domain.lower().removeprefix("@") for domain in env.words("SIGN_UP_DOMAINS")]
    if policy == "domains" and not domains:
        raise EnvError("SIGN_UP_DOMAINS: is not set, and SIGN_UP=domains lets only addresses of these domains in")
    if policy == "domains" and verification != "mandatory":
        raise EnvError("SIGN_UP: domains needs EMAIL_VERIFICATION=mandatory; otherwise anybody could type such an address")
    return {"SIGN_UP": policy, "SIGN_UP_DOMAINS": domains}


def _other_accounts(env: Environment) -> dict[str, Any]:
    """Google, GitHub and one OpenID Connect provider, each when it is configured. `OTHER_ACCOUNTS`: (id, name, module) of these."""
    found: list[tuple[str, str, str]] = []
    providers: dict[str, dict[str, Any]] = {}
    if app := _pair(env, "GOOGLE"):
        base = env.url("GOOGLE_BASE_URL")
        addresses = {name: f"{base}{path}" for name, path in _GOOGLE.items()} if base else {}
        providers["google"] = {"APPS": [app], "SCOPE": ["profile", "email"], "OAUTH_PKCE_ENABLED": True, **addresses}
        found.append(("google", "Google", "google"))
    if app := _pair(env, "GITHUB"):
        base = env.url("GITHUB_BASE_URL")
        addresses = {"GITHUB_URL": base} if base else {}
        providers["github"] = {"APPS": [app], "SCOPE": ["user:email"], "OAUTH_PKCE_ENABLED": True, **addresses}
        found.append(("github", "GitHub", "github"))
    if app := _pair(env, "OIDC"):
        name, server = env.text("OIDC_NAME", "Single sign-on"), env.url("OIDC_SERVER_URL")
        if not server:
            raise EnvError("OIDC_SERVER_URL: is not set, and OIDC_CLIENT_ID is")
        key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "oidc"
        app |= {"provider_id": key, "name": name, "settings": {"server_url": server}}
        providers["openid_connect"] = {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
        found.append((key, name, "openid_connect"))
    return {
        "OTHER_ACCOUNTS": found,
        "SOCIALACCOUNT_PROVIDERS": providers,
        "SOCIALACCOUNT_ADAPTER": "accounts.other_accounts.OtherAccountAdapter",
        "SOCIALACCOUNT_QUERY_EMAIL": True,
        # An address is no proof: whoever has an account signs in first, then links.
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,
        # The provider has proved the address; others are refused (accounts.other_accounts).
        "SOCIALACCOUNT_EMAIL_VERIFICATION": "none",
        "SOCIALACCOUNT_STORE_TOKENS": False,
    }


def _pair(env: Environment, name: str) -> dict[str, Any] | None:
    client_id, secret = env.text(f"{name}_CLIENT_ID"), env.text(f"{name}_CLIENT_SECRET")
    if bool(client_id) != bool(secret):
        raise EnvError(f"{name}_CLIENT_{'SECRET' if client_id else 'ID'}: is not set, and its other half is")
    return {"client_id": client_id, "secret": secret} if client_id else None
