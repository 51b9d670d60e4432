"""Settings of the site: one file, read from the environment, safe when nothing is set.

Every variable is documented in ``docs/operating.md``; a test compares the two.
"""

import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from healthsite import languages, security

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def data_dir() -> Path:
    """The folder for everything the site writes: database, uploads, collected files, key."""
    folder = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """The signing key: from the environment, else generated once into a file only we can read.

    No key is shipped with the code: a key that everybody knows lets anybody sign a session.
    """
    if given := env.str("SECRET_KEY", default=""):
        return given
    path = folder / "secret_key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(64))
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, text: str) -> None:
    """Make a file whole, with mode 0600, or leave the one another process made meanwhile.

    Several processes may start at once. Linking a finished file into place means that none of
    them ever reads an empty key, or one that another replaces a moment later.
    """
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)


def site_origin() -> SplitResult:
    """Where readers find the site: scheme and host, nothing else."""
    given = env.str("SITE_ORIGIN", default="http://127.0.0.1:8000").rstrip("/")
    try:
        parts = urlsplit(given)
        host = parts.port != 0 and parts.username is None and parts.hostname
    except ValueError:  # a port that is no number, or half an IPv6 address
        host = None
    if not host or given not in {f"http://{parts.netloc}", f"https://{parts.netloc}"}:
        raise ImproperlyConfigured(
            f"SITE_ORIGIN is {given!r}. Give the scheme and host alone, "
            "for example SITE_ORIGIN=https://health.example.org"
        )
    return parts


DATA_DIR = data_dir()
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret_key(DATA_DIR)

# The one origin that canonical addresses are built from. The Host header is never used for that:
# a visitor could send any. Whether the site is served over https follows from it too.
_origin = site_origin()
SITE_ORIGIN = _origin.geturl()
IS_HTTPS = _origin.scheme == "https"

# Loopback names are always served, so that health checks and a first look need no setting.
ALLOWED_HOSTS = list(
    dict.fromkeys(
        [
            f"[{_origin.hostname}]" if ":" in _origin.hostname else _origin.hostname,
            "127.0.0.1",
            "localhost",
            "[::1]",
            *env.list("ALLOWED_HOSTS", default=[]),
        ]
    )
)

# The site's name in each language; the first word of every <title> and the wordmark.
SITE_NAMES = {
    "zh-hans": env.str("SITE_NAME_ZH", default="有据"),
    "en": env.str("SITE_NAME_EN", default="Wellgrounded"),
}

# A site that nobody should find yet (staging): robots are turned away, every answer says noindex.
IS_CLOSED = env.bool("SITE_CLOSED", default=False)
# What readers may do with the texts, as a name or an address. Empty: no licence has been given.
TEXT_LICENCE = env.str("TEXT_LICENCE", default="")
# Search engines that follow indexnow.org are told of changes, once a key is set.
INDEXNOW_KEY = env.str("INDEXNOW_KEY", default="")
INDEXNOW_ENDPOINT = env.str("INDEXNOW_ENDPOINT", default="https://api.indexnow.org/indexnow")

# Authors' biographies are Markdown, but the authors app must not import the articles app.
PROSE_RENDERER = "articles.rendering.render_plain"

INSTALLED_APPS = [
    "authors",
    "articles",
    "healthsite",
    "healthsite.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
]

# Public pages use none of session, authentication and messages: these cost nothing until a view
# touches them, and no public view does (tests pin that no cookie and no Vary: Cookie appear).
MIDDLEWARE = [
    "healthsite.closing.ClosedSiteMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "healthsite.freshness.FreshnessMiddleware",
    "healthsite.compression.CompressionMiddleware",
    "healthsite.addresses.AddressMiddleware",
    "healthsite.languages.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "articles.audit.AddressMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "healthsite.urls"
CSRF_FAILURE_VIEW = "healthsite.desk_site.csrf_failure"
# healthsite.addresses does this and more, in one step.
APPEND_SLASH = False
WSGI_APPLICATION = "healthsite.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["healthsite.templatetags.typography"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Fields are drawn by the project's templates too, so that the desk can label what Django does not.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# SQLite in WAL mode lets readers go on while an editor saves. synchronous=NORMAL is safe in WAL:
# a power cut can lose the last commit but never corrupt the file. IMMEDIATE transactions take the
# write lock at once, so that two editors wait for each other instead of failing half-way through.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000;"
    ),
}
# A path is no address: a folder's name may hold characters that mean something in a URL.
DATABASES = {
    "default": env.db("DATABASE_URL")
    if env.str("DATABASE_URL", default="")
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "site.sqlite3"}
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # Opening SQLite for each request costs more than the request's queries.
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    # psycopg's pool and Django's persistent connections exclude each other. The pool is switched
    # on by a boolean of our own: `?pool=true` in the address would arrive as a string.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = env.bool("DATABASE_POOL", default=True)
    DATABASES["default"]["CONN_MAX_AGE"] = 0
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = languages.DEFAULT.code
LANGUAGES = languages.CHOICES
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "healthsite.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Pacific/Auckland")

# An article that nobody has read in full for so long is listed as overdue for review.
REVIEW_AFTER_MONTHS = env.int("REVIEW_AFTER_MONTHS", default=12)

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Uploads are judged by bytes and pixels in healthsite.imaging; this cap only bounds form bodies.
# The desk sends two fields for each passage, and a body may have a thousand passages
# (articles.markdown.blocks.MAX_BLOCKS); figures, cards and claims come on top.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "healthsite.uploading.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o644

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Security. Cookies exist in the admin only.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# The language an editor chose for the desk. Only the desk gets it back: a public address has its
# own language, and a cookie there would keep shared caches from answering.
LANGUAGE_COOKIE_PATH = "/admin/"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = IS_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN]
SECURE_SSL_REDIRECT = IS_HTTPS
# The front server ends TLS and must set this header itself, so that visitors cannot.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
# How many servers of ours a request passes: the log notes the address that the first of them saw.
FRONT_SERVERS = env.int("FRONT_SERVERS", default=1 if IS_HTTPS else 0)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": security.CSP_DIRECTIVES}
PERMISSIONS_POLICY = security.PERMISSIONS_POLICY

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
