import pytest

from tests.healthsite.site_check.sites import FakeSite, clean_site


@pytest.fixture
def tiny() -> FakeSite:
    """A site without a mistake; a test makes one."""
    return clean_site()
