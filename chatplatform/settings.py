"""Settings, from the environment alone (twelve-factor). See `.env.example` for every variable."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from chatplatform.env import EnvError, Environment
from chatplatform.sign_in import sign_in_settings
from core.db_pool import keep_connecting
from core.static_headers import static_headers

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()


def _read() -> dict[str, Any]:
    """Every setting that comes from the environment; one line and exit status 2 on a wrong value."""
    debug = env.flag("DEBUG")
    database_url = env.required("DATABASE_URL")
    try:
        database = conninfo_to_dict(database_url)
    except Exception as error:
        raise EnvError(f"DATABASE_URL: {error}") from error
    base_url = env.url("BASE_URL", f"http://{env.text('HOST', '127.0.0.1')}:{env.number('PORT', 8000, low=0, high=65535)}")
    secret_key = env.required("SECRET_KEY")
    if len(secret_key) < 32:
        raise EnvError("SECRET_KEY: use at least 32 characters")
    return {
        "DEBUG": debug,
        "SECRET_KEY": secret_key,
        "SECRET_KEY_FALLBACKS": env.words("SECRET_KEY_FALLBACKS"),
        "DATABASE": database,
        "DB_POOL_MAX": env.number("DB_POOL_MAX", 12, low=1, high=200),
        "REDIS_URL": env.url("REDIS_URL", schemes=("redis", "rediss")) or env.required("REDIS_URL"),
        "BASE_URL": base_url,
        "SITE_NAME": env.text("SITE_NAME", "AI Chat Platform"),
        "ALLOWED_HOSTS": env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]"),
        "DEFAULT_MODEL": env.text("DEFAULT_MODEL"),
        "LOCAL_MODEL": env.choice("LOCAL_MODEL", "auto", ("auto", "off")),
        "LOCAL_MODEL_URL": env.url("LOCAL_MODEL_URL"),
        "EMAIL_URL": env.url("EMAIL_URL", schemes=("smtp", "smtps", "smtp+tls", "console", "file")),
        "BREACHED_PASSWORDS_URL": env.url("BREACHED_PASSWORDS_URL"),
        "SIGN_IN": sign_in_settings(env),
        "TRUSTED_PROXY_COUNT": env.number("TRUSTED_PROXY_COUNT", 0, low=0, high=10),
        "METRICS_TOKEN": env.text("METRICS_TOKEN"),
        "SENTRY_DSN": env.url("SENTRY_DSN"),
        "LOG_LEVEL": env.choice("LOG_LEVEL", "info", ("debug", "info", "warning", "error")).upper(),
        "MAX_OUTPUT_TOKENS": env.number("MAX_OUTPUT_TOKENS", 8192, low=256, high=200_000),
        "TEMPORARY_CHAT_HOURS": env.number("TEMPORARY_CHAT_HOURS", 24, low=1, high=24 * 365),
        "ACCOUNT_GRACE_DAYS": env.number("ACCOUNT_GRACE_DAYS", 14, low=0, high=365),
        "IMPORT_MAX_UPLOAD_MB": env.number("IMPORT_MAX_UPLOAD_MB", 1024, low=1, high=100_000),
        "GENERATIONS_CONCURRENCY": env.number("GENERATIONS_CONCURRENCY", 256, low=1, high=2000),
    }


try:
    _settings = _read()
except EnvError as error:
    # One line, no traceback: this is for the person who starts the process.
    if "pytest" in sys.modules:
        raise ImproperlyConfigured(str(error)) from error
    print(f"Configuration error: {error}", file=sys.stderr)
    raise SystemExit(2) from None

DEBUG: bool = _settings["DEBUG"]
SECRET_KEY: str = _settings["SECRET_KEY"]
SECRET_KEY_FALLBACKS: list[str] = _settings["SECRET_KEY_FALLBACKS"]
ALLOWED_HOSTS: list[str] = _settings["ALLOWED_HOSTS"]
BASE_URL: str = _settings["BASE_URL"]
SITE_NAME: str = _settings["SITE_NAME"]
METRICS_TOKEN: str = _settings["METRICS_TOKEN"]
DB_POOL_MAX: int = _settings["DB_POOL_MAX"]
REDIS_URL: str = _settings["REDIS_URL"]
DEFAULT_MODEL: str = _settings["DEFAULT_MODEL"]
LOCAL_MODEL: str = _settings["LOCAL_MODEL"]
LOCAL_MODEL_URL: str = _settings["LOCAL_MODEL_URL"]
MAX_OUTPUT_TOKENS: int = _settings["MAX_OUTPUT_TOKENS"]
TEMPORARY_CHAT_HOURS: int = _settings["TEMPORARY_CHAT_HOURS"]
ACCOUNT_GRACE_DAYS: int = _settings["ACCOUNT_GRACE_DAYS"]
SERVED_SECURELY = BASE_URL.startswith("https://")
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "channels",
    "csp",
    "django_htmx",
    "django_celery_beat",
    "core",
    "accounts",
    "realtime",
    "notifications",
    "providers",
    "usage",
    "conversations",
    "chatplatform.apps.ChatPlatformConfig",
]

MIDDLEWARE = [
    # Before all that adds headers: a first visit asks for dozens of small files.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.RequestContextMiddleware",
    "core.middleware.PlainRequestsMiddleware",
    "chatplatform.probes.ProbesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.PermissionsPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "core.middleware.DependencyErrorMiddleware",
    "accounts.doors.DoorsMiddleware",
    "core.middleware.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ActorMiddleware",
    "accounts.middleware.ClosedAccountMiddleware",
    "core.middleware.DomainErrorMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "chatplatform.urls"
ASGI_APPLICATION = "chatplatform.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.site",
            ],
        },
    },
]

_database = _settings["DATABASE"]
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.get("dbname", "postgres"),
        "USER": _database.get("user", ""),
        "PASSWORD": _database.get("password", ""),
        "HOST": _database.get("host", ""),
        "PORT": str(_database.get("port", "")),
        # Under ASGI each request would open a connection of its own; the pool keeps a few.
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": _settings["DB_POOL_MAX"],
                "timeout": 5,
                "reconnect_timeout": 2,
                "reconnect_failed": keep_connecting,
            }
        },
        "CONN_MAX_AGE": 0,
        # A connection is tried before it is given out: after an outage nobody stumbles over one that broke meanwhile.
        "CONN_HEALTH_CHECKS": True,
    }
}
for _option in ("sslmode", "sslrootcert", "application_name"):
    if _option in _database:
        DATABASES["default"]["OPTIONS"][_option] = _database[_option]

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "cache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.DressedUpPasswordValidator"},
    {"NAME": "accounts.passwords.BreachedPasswordValidator"},
]
BREACHED_PASSWORDS_URL: str = _settings["BREACHED_PASSWORDS_URL"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/c/"
LOGOUT_REDIRECT_URL = "/"
# How many proxies of ours add to X-Forwarded-For; 0: the connection's own address counts (for limits by address).
ALLAUTH_TRUSTED_PROXY_COUNT: int = _settings["TRUSTED_PROXY_COUNT"]

globals().update(_settings["SIGN_IN"])
ACCOUNT_EMAIL_VERIFICATION: str = _settings["SIGN_IN"]["ACCOUNT_EMAIL_VERIFICATION"]
SIGN_UP: str = _settings["SIGN_IN"]["SIGN_UP"]
SIGN_UP_DOMAINS: list[str] = _settings["SIGN_IN"]["SIGN_UP_DOMAINS"]
OTHER_ACCOUNTS: list[tuple[str, str, str]] = _settings["SIGN_IN"]["OTHER_ACCOUNTS"]
INSTALLED_APPS += [f"allauth.socialaccount.providers.{module}" for _key, _name, module in OTHER_ACCOUNTS]

LANGUAGE_CODE = "en"
# What a person may choose from: how dates are written, and what <html lang> says. There are no translations; a language may be
# added here only together with all texts.
LANGUAGES = [
    ("en", "English (US)"),
    ("en-au", "English (Australia)"),
    ("en-ca", "English (Canada)"),
    ("en-gb", "English (UK)"),
    ("en-ie", "English (Ireland)"),
]
FORMAT_MODULE_PATH = "chatplatform.formats"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "core.package_assets.PackageAssetsFinder",
]
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = static_headers
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.static_storage.StaticStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"
WHITENOISE_MAX_AGE = 60

# --- security ---------------------------------------------------------------------------------------------------
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_SECURELY
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_HTTPONLY = False
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "chatplatform.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SERVED_SECURELY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": (),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],  # where diagrams are drawn, sandboxed
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
_ = NONCE  # the policy needs no nonce: there is no inline script or style
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
IMPORT_MAX_UPLOAD_BYTES: int = _settings["IMPORT_MAX_UPLOAD_MB"] * 1024 * 1024

# --- jobs -------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"conversations.run_generation": {"queue": "generations"}, "conversations.make_title": {"queue": "generations"}}
# A job is only a wake-up: what is to be done stands in the database, and sweepers enqueue again what nobody took. So a job
# is acknowledged when it is taken, and taken only when a thread is free: an unacknowledged one would end the process (not
# its answers) when the broker dies, because kombu fails to give it back.
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_DISABLE_PREFETCH = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 3,
    "socket_timeout": 3,  # a broker that is there but says nothing holds nobody up for long
    "socket_keepalive": True,
    "health_check_interval": 10,
    "retry_on_timeout": True,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
# Nobody steers the job processes over the broker, and the connection that listens for it is a danger: when it alone breaks, the
# Redis client makes it anew behind kombu's back, and kombu waits in it for ever while jobs pile up.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
GENERATIONS_CONCURRENCY: int = _settings["GENERATIONS_CONCURRENCY"]

# --- mail -------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <no-reply@localhost>")
from chatplatform.mail import mail_settings  # noqa: E402  (needs nothing but the environment)

globals().update(mail_settings(env, VAR_DIR))

LOGGING_CONFIG = None
from core.log import configure_logging  # noqa: E402

configure_logging(_settings["LOG_LEVEL"])

if _settings["SENTRY_DSN"]:
    import sentry_sdk

    # Errors only, without request bodies, cookies or addresses: what people write is not ours to send away.
    sentry_sdk.init(dsn=_settings["SENTRY_DSN"], send_default_pii=False, max_request_body_size="never", include_local_variables=False)
