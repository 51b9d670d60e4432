"""Tests in a browser."""

import pytest

# It asserts for the tests, and should say what it found.
pytest.register_assert_rewrite("tests.browser.barriers")
