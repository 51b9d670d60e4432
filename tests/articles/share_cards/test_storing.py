"""Cards are kept by their content, in one row for a publication, and made when they are missing."""

import datetime
import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from articles import services
from articles.models import Publication, ShareCard
from articles.share_cards import drawing, make_card, make_missing_cards, site_card, storing
from authors.models import AuthorTranslation
from healthsite.imaging import MEDIA_NAME_PATTERN
from tests import factories

DAY = datetime.timedelta(days=1)
RARE = "㼆与镁"


@pytest.fixture(autouse=True)
def _no_site_card():
    """Every test has a media folder of its own, and a card of the site in none."""
    storing._site_card.cache_clear()
    yield
    storing._site_card.cache_clear()


@pytest.fixture
def publication(db) -> Publication:
    return factories.make_publication()


def files(media_root: Path) -> set[str]:
    return {path.name for path in (media_root / "share").glob("*")}


@pytest.fixture
def drawn(monkeypatch) -> list:
    """The publications whose words were asked for, to be drawn."""
    asked = []

    def wording_of(publication):
        asked.append(publication)
        return original(publication)

    original = storing.wording_of
    monkeypatch.setattr(storing, "wording_of", wording_of)
    return asked


# One card


def test_card_is_two_pictures_named_by_their_content(publication, media_root):
    card = make_card(publication)
    slug = publication.translation.article.slug
    for path, key in ((card.wide, slug), (card.square, f"{slug}-square")):
        match = MEDIA_NAME_PATTERN.match(path)
        assert (match["folder"], match["key"], match["extension"]) == ("share", key, "png")
        assert (media_root / path).is_file()
    assert card.design == storing.DESIGN


def test_card_made_again_is_the_same_row_and_files(publication, media_root):
    first = make_card(publication)
    names = files(media_root)
    times = {path: path.stat().st_mtime_ns for path in media_root.rglob("*.png")}
    second = make_card(publication)
    assert (second.pk, second.wide, second.square) == (first.pk, first.wide, first.square)
    assert files(media_root) == names
    assert {path: path.stat().st_mtime_ns for path in media_root.rglob("*.png")} == times


def test_author_called_otherwise_gives_a_new_file(db, media_root):
    author = factories.make_author(name="Ada Example")
    article = factories.make_published_article(languages=("en",), authors=[author])
    publication = article.translations.get().publications.get()
    before = make_card(publication)
    AuthorTranslation.objects.filter(author=author).update(name="Ada Other")
    after = make_card(publication)
    assert after.pk == before.pk
    assert after.wide != before.wide
    assert after.square == before.square
    assert (media_root / before.wide).is_file()  # Caches may know it still.


def test_file_of_another_process_is_not_kept_twice(publication, media_root, monkeypatch):
    """Both found nothing there; the one that is late takes its own away."""
    card = make_card(publication)
    exists, asked = default_storage.exists, set()

    def exists_later(path):
        is_again = path in asked
        asked.add(path)
        return is_again and exists(path)

    monkeypatch.setattr(default_storage, "exists", exists_later)
    again = make_card(publication)
    assert asked >= {card.wide, card.square}
    assert (again.wide, again.square) == (card.wide, card.square)
    assert files(media_root) == {Path(card.wide).name, Path(card.square).name}


def test_title_that_cannot_be_drawn_is_left_out(db, media_root, monkeypatch):
    monkeypatch.setattr(drawing, "WHOLE_FONTS", ())
    texts = [
        factories.make_translation(article=factories.make_article(), title=title)
        for title in (RARE, f"{RARE}{RARE}")
    ]
    cards = [make_card(factories.make_publication(translation=text)) for text in texts]
    pictures = [(media_root / card.wide).read_bytes() for card in cards]
    assert pictures[0] == pictures[1]


def test_name_that_cannot_be_drawn_does_not_cost_the_title(db, media_root, monkeypatch):
    monkeypatch.setattr(drawing, "WHOLE_FONTS", ())
    pictures = []
    for authors in ([], [factories.make_author(name=f"{RARE} Example")]):
        article = factories.make_article(authors=authors)
        text = factories.make_translation(article=article)
        card = make_card(factories.make_publication(translation=text))
        pictures.append((media_root / card.wide).read_bytes())
    other = factories.make_translation(title="睡眠")
    card = make_card(factories.make_publication(translation=other))
    assert pictures[0] == pictures[1] != (media_root / card.wide).read_bytes()


def test_not_even_the_name_of_the_site_has_to_be_drawn(publication, settings, monkeypatch):
    monkeypatch.setattr(drawing, "WHOLE_FONTS", ())
    settings.SITE_NAMES = {"zh-hans": RARE, "en": RARE}
    assert default_storage.exists(make_card(publication).wide)


def test_card_is_served_to_be_kept(publication, client):
    card = make_card(publication)
    for path, size in ((card.wide, drawing.WIDE), (card.square, drawing.SQUARE)):
        response = client.get(f"/media/{path}")
        assert response.status_code == 200
        assert response["Content-Type"] == "image/png"
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        with drawing.Image.open(io.BytesIO(b"".join(response.streaming_content))) as image:
            assert image.size == size


# After publishing


def test_card_is_made_after_the_commit(db, django_capture_on_commit_callbacks, media_root):
    with django_capture_on_commit_callbacks(execute=True):
        publication = factories.make_publication()
        assert not ShareCard.objects.exists()
        assert not files(media_root)
    assert ShareCard.objects.get().publication == publication
    assert default_storage.exists(ShareCard.objects.get().wide)


def test_scheduled_publication_has_its_card_before_it_is_read(
    db, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        publication = factories.make_publication(live_from=timezone.now() + DAY)
    assert not Publication.objects.readable().exists()
    assert publication.share_card.wide


@pytest.mark.django_db(transaction=True)
def test_nothing_is_kept_of_what_was_rolled_back(removable_log, media_root):
    text = factories.make_translation()
    with transaction.atomic():
        factories.make_publication(translation=text)
        transaction.set_rollback(True)
    assert not Publication.objects.exists()
    assert not ShareCard.objects.exists()
    assert not files(media_root)


def test_rendering_again_draws_again(publication, drawn):
    services.rerender(Publication.objects.all())
    assert [item.pk for item in drawn] == [publication.pk]
    assert publication.share_card.design == storing.DESIGN


# What is missing


def test_only_missing_and_old_cards_are_drawn(db, drawn):
    now = [factories.make_publication() for _number in range(3)]
    later = factories.make_publication(live_from=timezone.now() + DAY)
    for publication in now[:2]:
        make_card(publication)
    ShareCard.objects.filter(publication=now[1]).update(design="an older one")
    drawn.clear()
    assert make_missing_cards() == 3
    assert {item.pk for item in drawn} == {now[1].pk, now[2].pk, later.pk}
    assert set(ShareCard.objects.values_list("design", flat=True)) == {storing.DESIGN}
    assert make_missing_cards() == 0


def test_all_are_drawn_where_all_are_asked_for(publication, drawn):
    make_card(publication)
    drawn.clear()
    assert make_missing_cards(is_all=True) == 1
    assert len(drawn) == 1


def test_moved_design_draws_every_card_again(publication, drawn, monkeypatch):
    make_card(publication)
    monkeypatch.setattr(storing, "DESIGN", "another one")
    assert make_missing_cards() == 1
    assert ShareCard.objects.get().design == "another one"


@pytest.mark.parametrize(("options", "counts"), [({}, (2, 0)), ({"all": True}, (2, 2))])
def test_command_says_how_many_it_drew(db, options, counts):
    for _number in range(2):
        factories.make_publication()
    for count in counts:
        said = io.StringIO()
        call_command("make_share_cards", stdout=said, **options)
        assert said.getvalue() == f"Drew {count} cards.\n"


def test_command_can_be_silent(publication):
    said = io.StringIO()
    call_command("make_share_cards", stdout=said, verbosity=0)
    assert not said.getvalue()
    assert ShareCard.objects.count() == 1


# The site's own


def test_card_of_the_site_is_drawn_once_in_a_process(monkeypatch):
    drawn = []
    original = storing.draw_wide
    monkeypatch.setattr(
        storing, "draw_wide", lambda words: (drawn.append(words), original(words))[1]
    )
    first = [site_card(code) for code in ("zh-hans", "en")]
    again = [site_card(code) for code in ("zh-hans", "en")]
    assert first == again
    assert len(set(first)) == len(drawn) == 2
    for paths in first:
        assert all(MEDIA_NAME_PATTERN.match(path) for path in paths)
        assert all(default_storage.exists(path) for path in paths)


def test_site_called_otherwise_has_another_card(settings):
    before = site_card("en")
    settings.SITE_NAMES = {**settings.SITE_NAMES, "en": "Another Name"}
    assert site_card("en")[0] != before[0]


def test_no_page_fails_for_a_disk_that_cannot_be_written(media_root, settings, caplog):
    media_root.parent.mkdir(exist_ok=True)
    media_root.write_text("a file where the folder should be")
    assert site_card("en") is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    media_root.unlink()
    assert site_card("en")
