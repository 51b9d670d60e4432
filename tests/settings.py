"""Settings of the tests: the site's own, with fast and isolated storage."""

import atexit
import os
import shutil
import tempfile

# Before the import: the site's settings create their data folder and read the environment.
_folder = tempfile.mkdtemp(prefix="healthsite-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["DATA_DIR"] = _folder
os.environ["SITE_ORIGIN"] = "http://testserver"
if url := os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = url
    os.environ["DATABASE_POOL"] = "false"
# Playwright's synchronous calls leave an event loop in their thread, and Django then refuses every
# query there. The loop sleeps while a test runs, so nothing can meet.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from healthsite.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Hashed names need collectstatic; one test runs the real storage.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# WhiteNoise warns about a folder that is not there, and here warnings are errors.
STATIC_ROOT.mkdir()  # noqa: F405
