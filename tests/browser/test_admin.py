"""The admin under the same policy as everything else."""

import pytest

pytestmark = pytest.mark.browser


def test_login_page_breaks_no_policy(open_page):
    page = open_page("/admin/login/")
    page.wait_for_load_state("networkidle")
    assert page.problems == []
    assert page.locator("#id_username").is_visible()
