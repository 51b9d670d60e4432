"""robots.txt, read as robots read it, and the key of IndexNow."""

from urllib.robotparser import RobotFileParser

import pytest

from articles.indexnow import KEY

# Every public answer asks the database when the content changed.
pytestmark = pytest.mark.django_db

PUBLIC = ("/", "/en/", "/zh-hans/articles/light/", "/en/search/?q=light", "/media/a.png", "/x.md")
EDITORS = ("/admin/", "/admin/login/", "/preview/abc/")
ROBOTS = ("Googlebot", "bingbot", "Baiduspider", "GPTBot", "anything")


def rules(client) -> RobotFileParser:
    response = client.get("/robots.txt")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    found = RobotFileParser()
    found.parse(response.content.decode().splitlines())
    return found


def lines(client) -> list[str]:
    return client.get("/robots.txt").content.decode().splitlines()


# Python's parser takes the first rule that fits; RFC 9309 (2.2.2) wants the longest, which is what
# robots do, so the rules for editors' addresses are also read by hand.
def longest_rule(client, path: str) -> str:
    fitting = [
        (len(value), name)
        for name, _, value in (line.partition(": ") for line in lines(client))
        if name in {"Allow", "Disallow"} and path.startswith(value)
    ]
    return max(fitting)[1]


@pytest.mark.parametrize("robot", ROBOTS)
def test_robots_may_fetch_what_readers_can(client, robot):
    found = rules(client)
    for path in PUBLIC:
        assert found.can_fetch(robot, f"http://testserver{path}"), path
        assert longest_rule(client, path) == "Allow"


def test_editors_addresses_are_not_for_robots(client):
    for path in EDITORS:
        assert longest_rule(client, path) == "Disallow", path


def test_one_group_for_every_robot(client):
    assert [line for line in lines(client) if line.startswith("User-agent")] == ["User-agent: *"]


def test_the_sitemap_is_named_from_the_settings(client, settings):
    settings.SITE_ORIGIN = "https://health.example.org"
    answer = client.get("/robots.txt", headers={"host": "localhost"}).content.decode()
    found = RobotFileParser()
    found.parse(answer.splitlines())
    assert found.site_maps() == ["https://health.example.org/sitemap.xml"]


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_closed_site_turns_every_robot_away(client, settings, robot):
    settings.IS_CLOSED = True
    found = rules(client)
    assert not any(found.can_fetch(robot, f"http://testserver{path}") for path in PUBLIC)
    assert found.site_maps() is None


def test_robots_txt_is_a_public_answer(client):
    response = client.get("/robots.txt")
    assert response.headers["Cache-Control"].startswith("public")
    assert not response.cookies
    assert client.post("/robots.txt").status_code == 405


# The key

NAME = "0a1B2c3D-4e5F"


def test_the_key_lies_at_its_own_name_and_nowhere_else(client, settings):
    settings.INDEXNOW_KEY = NAME
    response = client.get(f"/{NAME}.txt")
    assert response.status_code == 200
    assert response.content.decode() == NAME
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    for other in (f"{NAME}0", NAME[:-1], NAME.lower(), "another-key"):
        assert client.get(f"/{other}.txt").status_code == 404, other


@pytest.mark.parametrize("name", [NAME, ".txt", ""])
def test_without_a_key_there_is_no_file(client, settings, name):
    settings.INDEXNOW_KEY = ""
    assert client.get(f"/{name}.txt").status_code == 404


@pytest.mark.parametrize("key", ["a" * 8, "Z" * 128, "0-9", "-" * 8])
def test_every_key_of_the_protocol_has_an_address(client, settings, key):
    settings.INDEXNOW_KEY = key
    is_key = KEY.fullmatch(key) is not None
    assert client.get(f"/{key}.txt").status_code == (200 if is_key else 404)
