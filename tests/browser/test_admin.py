"""The admin under the same policy as everything else."""

import pytest

pytestmark = pytest.mark.browser


def test_login_page_breaks_no_policy(desk_page):
    page = desk_page("/admin/login/", user=None)
    page.wait_for_load_state("networkidle")
    assert page.locator("#id_username").is_visible()


@pytest.mark.parametrize("user", ["managing", "owner"])
def test_member_of_staff_is_signed_in(desk_page, user):
    page = desk_page("/admin/", user=user, language="en")
    page.wait_for_load_state("networkidle")
    assert page.locator("#user-tools").is_visible()
