"""Settings. The environment is read once, here, at import; a missing secret stops the server.

What a community may change (thresholds, windows, names) is a dated row, not a setting.
"""

import importlib.util
import json
import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

PACKAGE = Path(__file__).resolve().parent.parent


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"set {name}; `nowrongdoor run` does it for you")
    return value


def _flag(name: str) -> bool:
    return os.environ.get(name, "") == "1"


def _listed(name: str) -> list[str]:
    """Keys with commas between them. A space after a comma is how people write, and of no key."""
    return [key for each in os.environ.get(name, "").split(",") if (key := each.strip())]


def _database(url: str, *, pooled: bool) -> dict[str, object]:
    """A libpq URL as Django's settings. Statements are prepared: 1.5 to 1.7 times the commands."""
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    known = ("dbname", "user", "password", "host", "port")
    options: dict[str, object] = {k: v for k, v in parts.items() if k not in known}
    options |= {"prepare_threshold": 3, "server_side_binding": True}
    if pooled:
        # streams hold threads, not connections; so threads far outnumber connections. One that a restarted
        # database closed is found out before a command meets it: `rows.postgresql`
        options["pool"] = {"min_size": 2, "max_size": 16, "timeout": 5, "max_idle": 300}
    return {
        "ENGINE": "nowrongdoor.rows.postgresql",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "OPTIONS": options,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


SECRET_KEY = _required("NWD_SECRET_KEY")
# what was signed with these is believed still, and nothing is signed with them: NWD_SECRET_KEY was replaced
SECRET_KEY_FALLBACKS = _listed("NWD_OLD_SECRET_KEYS")
# Under it the journal vouches for rows; never in the database or its backups. Empty: it does not.
FACTS_KEY = os.environ.get("NWD_FACTS_KEY", "")
# the newest first; left out, they hang on NWD_SECRET_KEY, and without its old ones every second factor is lost
FACTOR_KEYS = _listed("NWD_FACTOR_KEYS") or [SECRET_KEY, *SECRET_KEY_FALLBACKS]
SYNTHETIC = _flag("NWD_SYNTHETIC")  # synthetic people, demo sign-in: loopback only
SECURE = _flag("NWD_TLS")  # behind a proxy with TLS
FAILPOINT = os.environ.get("NWD_FAILPOINT", "")  # tests: command:point where this process dies
DEBUG = False
ALLOWED_HOSTS = os.environ.get("NWD_HOSTS", "localhost,.localhost").split(",")
STREAM_CAP = int(os.environ.get("NWD_STREAM_CAP", "256"))  # live streams a server process
# changes a minute that one member, and one key, may send to each server process
MEMBER_RATE = int(os.environ.get("NWD_MEMBER_RATE", "240"))
KEY_RATE = int(os.environ.get("NWD_KEY_RATE", "600"))
DRAWER = os.environ.get(
    "NWD_DRAWER", ""
)  # `serve` says where; empty: each process draws for itself
METRICS_TOKEN = os.environ.get("NWD_METRICS_TOKEN", "")  # empty: there is no /metrics
LOG_FORMAT = os.environ.get("NWD_LOG_FORMAT", "line")
if LOG_FORMAT not in ("line", "json"):
    raise ImproperlyConfigured("NWD_LOG_FORMAT is `line` or `json`")
VAR = Path(os.environ.get("NWD_VAR", "var"))
COMMUNITY = Path(
    os.environ.get("NWD_COMMUNITY", "communities/tucson")
)  # the synthetic city's files

DATABASES = {
    "default": _database(_required("DATABASE_URL"), pooled=True),
    "owner": _database(
        os.environ.get("DATABASE_OWNER_URL") or _required("DATABASE_URL"), pooled=False
    ),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # ours first: their templates stand before those of allauth
    *(f"nowrongdoor.{file.parent.name}" for file in sorted(PACKAGE.glob("*/apps.py"))),
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's list of passkeys is drawn with it
    "template_partials",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "nowrongdoor.web.logs.Logged",
    "nowrongdoor.web.counts.Counted",
    "csp.middleware.CSPMiddleware",  # above whatever answers by itself: static files and redirects
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nowrongdoor.web.caching.Unkept",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "nowrongdoor.site.language.InLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nowrongdoor.site.timezone.InTimezone",
    "nowrongdoor.web.refusals.Refusals",
    "nowrongdoor.agencies.access.Doors",
]

ROOT_URLCONF = "nowrongdoor.site.urls"
WSGI_APPLICATION = "nowrongdoor.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "nowrongdoor.site.layout.layout",
            ],
        },
    }
]

AUTH_USER_MODEL = "agencies.Member"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # members have no address here; their agency has
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # sign-up itself is shut by the adapter
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "nowrongdoor.agencies.sign_in.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Lockout after 5 bad log-ins (CJIS Security Policy v6.0, AC-7), for 15 minutes
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,20/15m/ip", "login": "60/m/ip"}
MFA_ADAPTER = "nowrongdoor.agencies.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "No Wrong Door"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SYNTHETIC  # http://localhost is a secure context
SOCIALACCOUNT_ADAPTER = "nowrongdoor.agencies.sign_in.SocialAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
# An agency's own OpenID Connect provider: a JSON file, see docs/howto/sign-in.md
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}
    | (json.loads(Path(os.environ["NWD_OIDC"]).read_text()) if os.environ.get("NWD_OIDC") else {})
}
LOGIN_URL = "account_login"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "nowrongdoor.agencies.passwords.NotSoonGuessed"},
]

# Counts across server processes: allauth's rate limits, spoken codes. JSON, never pickles. Its keys are
# not those of the pickles that earlier versions kept in the same table.
CACHES = {
    "default": {"BACKEND": "nowrongdoor.web.json_cache.JsonCache", "KEY_PREFIX": "json"},
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # in store; screens use the community's zone

# The one form with a file takes one; the longest protocol fits, and what is longer is not read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20  # bytes
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["nowrongdoor.web.uploads.Small"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "nowrongdoor.site.static_files.Named"},
}
if importlib.util.find_spec("whitenoise") is None:
    raise ImproperlyConfigured("run `make setup`")

# Security. No inline script or style, nothing from another origin, nothing framed.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "worker-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
CSRF_FAILURE_VIEW = "nowrongdoor.web.refusals.csrf_failed"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 13 * 3600  # the longest shift, and an hour to hand over
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if SECURE else "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
# in the session, not in a cookie of their own: what allauth says after signing in names who did
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# asked by machines: beside the server, not through the proxy; or the API, which refuses plain HTTP
# itself, because a client that is sent on would go on showing its key to everybody on the way
SECURE_REDIRECT_EXEMPT = ["^health$", "^ready$", "^metrics$", "^api/"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE else 0  # else every desk behind the proxy is one address
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "nowrongdoor.web.logs.Line"},
        "json": {"()": "nowrongdoor.web.logs.JsonLine"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "loggers": {
        # the anchor is also written here, so that wherever logs are kept the chain's head is too
        "nowrongdoor.journal.anchor": {"level": "INFO"},
        # one line for each request, at INFO, says more than Django's warnings of refusals
        "django.request": {"level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": os.environ.get("NWD_LOG_LEVEL", "WARNING")},
}
