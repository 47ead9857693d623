"""Settings, all from the typed environment; there is no debug switch."""

import os
import sys

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.environment import ROOT, Unsafe, database_settings, read_environment
from config.pooling import POOL

PAGE_SECONDS = 60
"""How long a statement of a page runs at most: nobody waits longer, and what was given up is not worked on."""
OWNER_COMMANDS = {"prepare", "migrate", "makemigrations"}
"""Commands that change the schema: they connect as the owner, everything else as the app role."""

try:
    ENVIRONMENT = read_environment()
    _as_owner = len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS
    if _as_owner and not ENVIRONMENT.is_embedded and not ENVIRONMENT.has_owner_url:
        raise Unsafe("DATABASE_OWNER_URL is missing: the schema is changed as its owner.")  # noqa: TRY301 - one sentence for all
    _address = ENVIRONMENT.database_owner_url if _as_owner else ENVIRONMENT.database_url
    _database = database_settings(_address, pooled=ENVIRONMENT.ask_server_for_pid)
except Unsafe as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(2)

MODE = ENVIRONMENT.mode
SECRET_KEY = ENVIRONMENT.secret_key
ACTING_KEY = ENVIRONMENT.acting_key
TRAIL_ORIGIN = ENVIRONMENT.trail_origin
ASK_SERVER_FOR_PID = ENVIRONMENT.ask_server_for_pid
DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DATABASES = {"default": _database}
if os.environ.get("SCHAKEL_PROCESS") == "web":
    DATABASES["default"]["OPTIONS"]["pool"] = POOL  # type: ignore[index]
    if not ASK_SERVER_FOR_PID:  # a pooler takes no such option: there the role of the web process carries it
        DATABASES["default"]["OPTIONS"]["options"] = f"-c statement_timeout={PAGE_SECONDS}s"  # type: ignore[index]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "permissions.User"
AUDITLOG_LOGENTRY_MODEL = "audit.Entry"
ANONYMOUS_USER_NAME = None
GUARDIAN_RENDER_403 = False
GUARDIAN_AUTO_PREFETCH = True  # a checker takes its answers from permissions/checking.py and reads no rows

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "guardian",
    "auditlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "permissions",
    "audit",
    "casework",
    "web",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "web.middleware.headers",
    "web.middleware.known_methods",
    "web.middleware.no_multipart",
    "web.middleware.readable_cookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "web.middleware.staff",
    "web.middleware.signing_in",
    "web.middleware.readable",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context.frame",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "web.accounts.SignIn",
    "casework.asking.permission_backend.Decides",
]
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # its rows say who stands where; our backend decides instead (decisions/0019)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "web.accounts.Adapter"
ACCOUNT_FORMS = {"login": "web.accounts.SignInForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
"""Seconds in which who typed their password again is taken to be the one who sits there."""
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "web.accounts.name_tried"
AXES_CLIENT_IP_CALLABLE = "web.requests.client_of"
AXES_DISABLE_ACCESS_LOG = True  # sign-ins stand on the trail
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "web.accounts.Factors"
MFA_FORMS = {"authenticate": "web.accounts.FactorForm", "reauthenticate": "web.accounts.FactorAgainForm"}
PASSWORD_HASHERS = ["permissions.hashing.Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "web" / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

STATIC_URL = "static/"
STATIC_ROOT = ROOT / "build" / "collected"
STATICFILES_DIRS = [path for path in (ROOT / "build" / "assets",) if path.is_dir()]
WHITENOISE_USE_FINDERS = True

_has_tls = MODE == "production"
SESSION_COOKIE_NAME = "__Host-schakel" if _has_tls else "schakel"
SESSION_ENGINE = "permissions.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = _has_tls
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if _has_tls else "csrf"
CSRF_COOKIE_SECURE = _has_tls
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "web.views.errors.csrf_failed"
SECURE_HSTS_SECONDS = 31_536_000 if _has_tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _has_tls
SECURE_HSTS_PRELOAD = _has_tls
SECURE_SSL_REDIRECT = _has_tls
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _has_tls else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
"""A plan of 500 lines with long words, twice: as it was pasted and as far as it is good. More is not even read."""
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
"""A table of visits has a few fields a visit."""
FILE_UPLOAD_HANDLERS: list[str] = []
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"waitress.queue": {"level": "ERROR"}},  # that a request waits for a thread is no event
}
