"""One settings file, read from the environment; a wrong value stops the start with a sentence."""

import logging
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from mltrainer import addresses

env = environ.Env()

# ── Places ────────────────────────────────────────────────────────────────────
BASE_DIR = Path(__file__).resolve().parent.parent
HOME_DIR = Path(env.str("MLTRAINER_HOME", default=str(BASE_DIR / "var"))).resolve()
RUN_DIR = addresses.run_dir(HOME_DIR)  # short and private: unix sockets
WORK_DIR = HOME_DIR / "work"  # one folder for each running job
CACHE_DIR = HOME_DIR / "cache"  # what can be made again
MEDIA_ROOT = HOME_DIR / "media" if "MLTRAINER_HOME" in env.ENVIRON else BASE_DIR / "media"
STATIC_ROOT = HOME_DIR / "static"
ZYGOTE_SOCKET = RUN_DIR / "zygote.sock"

# ── Core ──────────────────────────────────────────────────────────────────────
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = addresses.secret_key(HOME_DIR)
HOST = env.str("HOST", default="localhost")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", HOST])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ROOT_URLCONF = "mltrainer.urls"
ASGI_APPLICATION = "mltrainer.asgi.application"
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    *(["daphne"] if DEBUG else []),  # only for `runserver`: it loads a web server into every process
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "mltrainer.apps.PanelConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_q",
    "mltrainer",
    "web",
    "accounts",
    "datasets",
    "experiments",
    "training",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "mltrainer.middleware.RequestNumberMiddleware",
    "mltrainer.middleware.DatabaseAwayMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
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
                "experiments.context.shell",
            ],
            "builtins": ["web.templatetags.words"],
        },
    }
]

# ── Truth, doorbell, cache ────────────────────────────────────────────────────
EMBEDDED_POSTGRES = "DATABASE_URL" not in env.ENVIRON
EMBEDDED_REDIS = "REDIS_URL" not in env.ENVIRON
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", default=addresses.database_url(HOME_DIR)))}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if pool_size := env.int(
    "DATABASE_POOL", default=0
):  # the web server's: no pool may be there when a worker forks
    pool = {"min_size": 2, "max_size": pool_size, "timeout": 3.0}
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = pool
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
REDIS_URL = env.str("REDIS_URL", default=addresses.redis_url(HOME_DIR))
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
}

# django-q2 only rings: see docs/decisions/0002-the-queue-is-a-doorbell.md for each value
_BELL = {
    "redis": REDIS_URL,
    "bulk": 1,
    "queue_limit": 1,
    "daemonize_workers": False,
    "max_attempts": 1,
    "save_limit": -1,
    "ack_failures": True,
    "catch_up": False,
    "scheduler": False,
    "poll": 0.2,
    "guard_cycle": 0.5,
}
RUN_SLOTS = env.int("RUN_SLOTS", default=2)
RUN_SECONDS = env.int("RUN_SECONDS", default=24 * 3600)
TASK_SECONDS = env.int("TASK_SECONDS", default=3600)
Q_CLUSTER = {
    **_BELL,
    "name": "short",
    "workers": env.int("TASK_SLOTS", default=2),
    "timeout": TASK_SECONDS,
    "retry": 10 * TASK_SECONDS,
    "ALT_CLUSTERS": {
        "training": {
            **_BELL,
            "workers": RUN_SLOTS,
            "timeout": 2 * RUN_SECONDS,
            "retry": 10 * RUN_SECONDS,
        }
    },
}

# ── Work ──────────────────────────────────────────────────────────────────────
LEASE = timedelta(seconds=env.int("LEASE_SECONDS", default=60))
BEAT_SECONDS = env.float("BEAT_SECONDS", default=5.0)
MAX_ATTEMPTS = 3
RUN_MEMORY = env.int("RUN_MEMORY", default=4 * 10**9)  # bytes a child's group may hold
CACHE_BYTES = env.int("CACHE_BYTES", default=10 * 10**9)  # of prepared rows that runs share
RUN_THREADS = env.int("RUN_THREADS", default=1)
SANDBOX_REQUIRED = env.str("SANDBOX_REQUIRED", default="none")  # none, limits or full

# ── Limits (accounts/quotas.py enforces them; nothing else does) ─────────────
MAX_BODY = 10 * 2**20
MAX_PART = 8 * 2**20
MAX_UPLOAD = env.int("MAX_UPLOAD", default=20 * 10**9)
MAX_STORAGE = env.int("MAX_STORAGE", default=100 * 10**9)  # bytes for each workspace
MAX_COLUMNS = env.int("MAX_COLUMNS", default=10_000)
MAX_UNPACKED = env.int("MAX_UNPACKED", default=20 * 10**9)  # bytes that may come out of one packed file
TRASH_DAYS = env.int("TRASH_DAYS", default=7)  # what was deleted can be had back so long
MAX_QUEUED_RUNS = env.int("MAX_QUEUED_RUNS", default=200)  # for each user
MAX_RUNNING_RUNS = env.int("MAX_RUNNING_RUNS", default=2)  # for each user
MAX_WORKSPACES = env.int("MAX_WORKSPACES", default=20)  # for each user
MAX_TOKENS = env.int("MAX_TOKENS", default=50)  # for each user
MAX_SOCKETS = env.int("MAX_SOCKETS", default=50)  # for each user
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000

# ── People ────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_FORMS = {"login": "accounts.forms.SignInForm", "signup": "accounts.forms.SignUpForm"}
SIGN_UP = env.str("SIGN_UP", default="open")  # or closed: accounts are made by an administrator
NUM_PROXIES = env.int("NUM_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = NUM_PROXIES
TOKEN_LIFETIME = timedelta(days=90)
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)

# ── API ───────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["web.parsing.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "web.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "web.handling.handle",
    "DEFAULT_THROTTLE_RATES": {"sign-in": "10/min"},
    "NUM_PROXIES": NUM_PROXIES,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ML Trainer",
    "DESCRIPTION": "Everything that a page can do. Errors are RFC 9457 problem details.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "VersionStatus": "datasets.models.Status",
        "RunStatus": "experiments.states.State",
        "Task": "engine.metrics.TASKS",
    },
}

# ── Pages ─────────────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "mltrainer.finders.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
UNFOLD = {"SITE_TITLE": "ML Trainer", "SITE_HEADER": "ML Trainer"}

# ── Logs ──────────────────────────────────────────────────────────────────────
DJANGO_STRUCTLOG_USER_ID_FIELD = ""  # asking who it was would ask the database, also when that is away
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO  # whoever asked was told; the house is well
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "mltrainer.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django.request": {"level": "CRITICAL"},  # the middleware writes the same lines, with the number
        "mltrainer": {"level": "INFO"},
        "training": {"level": "INFO"},
        "datasets": {"level": "INFO"},
    },
}
