"""Django's settings, read from the environment; `docs/settings.md` describes each variable."""

import os
from datetime import timedelta
from pathlib import Path

from chotxanh.configuration import count_of, databases_of, networks_of, number_of, secret_key_of, unit_of

PROJECT_ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("CHOTXANH_HOME", PROJECT_ROOT / "var"))
CONTRACTS = PROJECT_ROOT / "contracts"
WEB_BUILD = PROJECT_ROOT / "web" / "dist"
KEYS_DIRECTORY = HOME / "keys"

IS_DEMO = os.environ.get("CHOTXANH_DEMO", "1") == "1"
DEPARTMENT = os.environ.get("CHOTXANH_DEPARTMENT", "Sở Y tế tỉnh Bà Rịa - Vũng Tàu")
ISSUER_CODE = os.environ.get("CHOTXANH_ISSUER_CODE", "BRVT")  # A-Z and 0-9, stands in every UVCI
PROVINCE = unit_of(os.environ.get("CHOTXANH_PROVINCE", "nso-2021:77"))  # whose rules judge here
DEBUG = os.environ.get("CHOTXANH_DEBUG", "0") == "1"
SECRET_KEY = secret_key_of(HOME)
ALLOWED_HOSTS = os.environ.get("CHOTXANH_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CHOTXANH_ORIGINS", "").split(",") if origin]
IS_BEHIND_HTTPS = os.environ.get("CHOTXANH_HTTPS", "0") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_BEHIND_HTTPS
# The proxy writes this header over whatever it was sent; without a proxy nobody is believed.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_BEHIND_HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_BEHIND_HTTPS else 0
# How many proxies of ours stand in front, each of which adds to X-Forwarded-For whom it heard.
PROXIES = count_of(os.environ.get("CHOTXANH_PROXIES", "1" if IS_BEHIND_HTTPS else "0"))
# Networks of posts and gates, where many phones share one address by design.
REGISTERED_NETWORKS = networks_of(os.environ.get("CHOTXANH_REGISTERED_NETWORKS", ""))
# The office closes where nobody pressed anything for a while, and in any case some hours after signing in.
SESSION_ENGINE = "chotxanh.beside.office_sessions"
OFFICE_IDLE_LIFE = timedelta(minutes=number_of(os.environ.get("CHOTXANH_OFFICE_IDLE_MINUTES", "30"), 1, 1440))
OFFICE_SESSION_LIFE = timedelta(hours=number_of(os.environ.get("CHOTXANH_OFFICE_HOURS", "12"), 1, 168))
SESSION_COOKIE_AGE = int(OFFICE_SESSION_LIFE.total_seconds())
LOGS_REQUESTS = os.environ.get("CHOTXANH_LOG_REQUESTS", "0") == "1"
METRICS_TOKEN = os.environ.get("CHOTXANH_METRICS_TOKEN", "")
# What a deployment is held against (`./chotxanh check`).
TIME_SERVER = os.environ.get("CHOTXANH_TIME_SERVER", "")
WAKE_URL = os.environ.get("CHOTXANH_WAKE_URL", "")
TLS_CERTIFICATE = os.environ.get("CHOTXANH_TLS_CERTIFICATE", "")

# Floors from the ground up: features follow entries in this order.
FLOORS = [
    "chotxanh.language",
    "chotxanh.forms",
    "chotxanh.keys",
    "chotxanh.beside",
    "chotxanh.registers.posts",
    "chotxanh.registers.facilities",
    "chotxanh.registers.staff",
    "chotxanh.registers.kits",
    "chotxanh.registers.duties",
    "chotxanh.registers.codes",
    "chotxanh.registers.retention",
    "chotxanh.registers.notices",
    "chotxanh.registers.incidents",
    "chotxanh.registers.rules",
    "chotxanh.registers.devices",
    "chotxanh.ledger",
    "chotxanh.people",
    "chotxanh.vehicles",
    "chotxanh.declarations",
    "chotxanh.specimens",
    "chotxanh.results",
    "chotxanh.certificates",
    "chotxanh.verification",
    "chotxanh.statistics",
    "chotxanh.site",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    *FLOORS,
]
MIDDLEWARE = [
    "chotxanh.site.watch.requests.Observed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chotxanh.site.middleware.Compression",
    "chotxanh.site.middleware.Guard",
    "chotxanh.site.middleware.Accounts",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["chotxanh.site.context.page"],
            "builtins": ["chotxanh.language.templatetags.language"],
        },
    }
]
ROOT_URLCONF = "chotxanh.site.urls"
WSGI_APPLICATION = "chotxanh.wsgi.application"
AUTH_USER_MODEL = "staff.Member"
LOGIN_URL = "office_sign_in"
PASSWORD_HASHERS = ["chotxanh.registers.staff.hashing.YieldingHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "chotxanh.registers.staff.password_rules.NotGuessed"},
]

# Off in tests alone: they live in many times.
IS_CLOCK_WATCHED = True

DATABASES = databases_of(os.environ.get("CHOTXANH_DATABASE_URL"), HOME)
DATABASE_ROUTERS = ["chotxanh.beside.router.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = None  # whitenoise serves the build itself, with the compressed files that lie beside it
STATICFILES_DIRS = [("web", WEB_BUILD)] if WEB_BUILD.is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 300
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/web/pages/hashed/"  # their names change with what they hold
SECURE_REFERRER_POLICY = "same-origin"  # stricter, and browsers send forms with an origin of "null"
CSRF_FAILURE_VIEW = "chotxanh.site.failures.csrf_refused"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "chotxanh.site.watch.logs.JsonLines"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django logs request paths at these names; a path can hold a person's secret link.
    "loggers": {
        "chotxanh.requests": {"level": "INFO" if LOGS_REQUESTS else "WARNING"},
        "django.request": {"handlers": ["nowhere"], "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False, "level": "CRITICAL"},
    },
}
