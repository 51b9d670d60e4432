"""What somebody tries who wants more of the desk than their role gives, or wants it to stop."""

import random
from dataclasses import replace
from difflib import SequenceMatcher

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from articles import comparing_texts, parity, services
from articles.admin.desk.forms import MOST_ROWS
from articles.admin.desk.previews import shared_path
from articles.comparing import compare_texts
from articles.desk import figures, keys
from articles.desk.quantities import quantities_in
from articles.desk.style import abbreviations_are_explained
from articles.document import Block, Document, ReferenceData
from articles.models import AuditEntry
from articles.parity import MAX_SHAPES, MAX_WORK, align_ids, carry_ids, shape_differences, stamps_of
from tests.articles.admin.conftest import MANAGER, TRANSLATOR, WRITER
from tests.articles.admin.desk.conftest import address
from tests.articles.admin.desk.forms import get

# Work that grows faster than the text


@pytest.fixture
def work(monkeypatch) -> list[int]:
    """Characters or shapes times those they are compared with, of each costly comparison."""
    done: list[int] = []

    class Counted(SequenceMatcher):
        def __init__(self, isjunk, old, new, autojunk=True):
            if len(set(old)) < len(old):
                done.append(len(old) * len(new))
            super().__init__(isjunk, old, new, autojunk)

    monkeypatch.setattr(parity, "SequenceMatcher", Counted)
    return done


def _paragraphs(count: int, seed: int) -> tuple[Block, ...]:
    chance = random.Random(seed)
    words = ["magnesium", "vitamin", "sleep", "a", "trial", "of", "the", "bone", "sun", "kidney"]
    texts = (" ".join(chance.choices(words, k=40)) for _ in range(count))
    return tuple(Block("paragraph", f"{text} {place}.") for place, text in enumerate(texts))


def _named(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(replace(block, id=f"b{place}") for place, block in enumerate(blocks))


def test_a_rewritten_article_is_recognised_with_bounded_work(work):
    old, new = _named(_paragraphs(300, 1)), _paragraphs(300, 2)
    carried = carry_ids(stamps_of(old), new)
    assert {block.id for block in carried} == {block.id for block in old}
    assert sum(work) <= MAX_WORK


def test_a_long_paragraph_is_compared_with_bounded_work(work):
    (old,), (new,) = (
        _named((Block("paragraph", "的是" * 50_000),)),
        (Block("paragraph", "是" * 90_000),),
    )
    carry_ids(stamps_of([old]), [new])
    assert sum(work) <= MAX_WORK


def test_edited_paragraphs_that_moved_are_recognised_in_a_long_text():
    old = _named(_paragraphs(40, 3))
    moved = [replace(block, source=f"New: {block.source} Indeed.", id="") for block in old]
    moved = [*moved[20:], *moved[:20], Block("paragraph", "One more.")]
    carried = carry_ids(stamps_of(old), moved)
    assert [block.id for block in carried[:-1]] == [f"b{(place + 20) % 40}" for place in range(40)]


def test_texts_of_other_shapes_are_aligned_with_bounded_work(work):
    source = _named(
        tuple(
            Block("heading", "h", level=1) if place % 2 else Block("paragraph", "p")
            for place in range(700)
        )
    )
    blocks = _paragraphs(700, 4)
    align_ids(source, blocks)
    shape_differences(source, blocks)
    assert max(work, default=0) <= MAX_SHAPES


def test_a_long_text_of_nearly_the_same_shape_is_aligned():
    source = _named(_paragraphs(400, 5))
    blocks = (*_paragraphs(200, 6), Block("heading", "h", level=2), *_paragraphs(200, 7))
    aligned = [block.id for block in align_ids(source, blocks)]
    assert aligned == [
        *(f"b{place}" for place in range(200)),
        "",
        *(f"b{place}" for place in range(200, 400)),
    ]
    (difference,) = shape_differences(source, blocks)
    assert difference.source_ids == ()


def _english(body: str) -> Document:
    block = Block("paragraph", body, id="b1", line=1)
    return Document("en", "a", "article", title="T", standfirst="S", body=body, blocks=(block,))


def test_two_texts_with_nothing_in_common_are_not_searched(monkeypatch):
    searched = []
    walk_back = comparing_texts._walk_back

    def counted(history, x, y):
        searched.append(len(history))
        return walk_back(history, x, y)

    monkeypatch.setattr(comparing_texts, "_walk_back", counted)
    old, new = ("".join(chr(place + start) for place in range(190)) for start in (0x4E00, 0x5E00))
    pieces = compare_texts(old, new, "zh-hans")
    assert [(piece.op, piece.text) for piece in pieces] == [("removed", old), ("added", new)]
    assert max(searched) <= comparing_texts.FEW_EDITS


def test_a_caption_as_long_as_a_book_is_no_repetition_to_be_measured(monkeypatch):
    monkeypatch.setattr(figures, "SequenceMatcher", None)
    assert figures._repeats("word " * 400, "word " * 400)
    assert not figures._repeats("word " * 400, "other " * 400)


def test_only_the_first_unknown_keys_get_a_guess(monkeypatch):
    asked = []

    def guess(key, known, n):
        asked.extend(known)
        return []

    monkeypatch.setattr(keys, "get_close_matches", guess)
    body = " ".join(f"[@k{place}]" for place in range(300))
    document = replace(_english(body), references=(ReferenceData("known", "review"),))
    assert len(list(keys.keys_are_known(document))) == 300
    assert 0 < len(asked) <= keys.MAX_GUESSES


def test_numbers_are_read_in_a_row_of_digits_and_in_groups_of_three():
    (number,) = quantities_in("1" * 100_000)
    assert number.position == 0
    assert {quantity.position for quantity in quantities_in("9 mg " + "111," * 40_000)} >= {0}


def test_an_abbreviation_is_judged_by_what_stands_near_it():
    words = "Words and words. " * 100
    unexplained = abbreviations_are_explained(_english(f"{words}Take QZX now. {words}"))
    explained = abbreviations_are_explained(_english(f"{words}Quick zones (QZX) now. {words}"))
    assert [item.rule for item in unexplained] == ["abbreviation"]
    assert list(explained) == []


@pytest.mark.django_db
def test_a_form_of_a_thousand_rows_is_refused_and_nothing_is_lost(client_for, pair):
    text = pair["en"]
    page = get(client_for(MANAGER), address("change", text))
    answer = page.send(**{"callouts-TOTAL_FORMS": "1060"})
    text.refresh_from_db()
    assert (answer.status, text.revisions.count()) == (422, 1)
    assert len(answer.soup.select("[name^=callouts-][name$=-key]")) <= MOST_ROWS + 1


# Questions nobody can answer


@pytest.mark.django_db
@pytest.mark.parametrize("model", ["articletranslation", "revision", "auditentry", "image"])
@pytest.mark.parametrize(
    "query",
    [
        *("id__regex=(", "id__iregex=(x%2B)%2B%24", "article__slug__regex=.*"),
        *(f"id__in={'9' * 30}", f"translation__language__regex={'(' * 9}"),
    ],
)
def test_lists_answer_what_cannot_be_asked(client_for, pair, model, query):
    client = client_for(MANAGER)
    client.raise_request_exception = False
    path = reverse(f"admin:articles_{model}_changelist")
    assert client.get(path).status_code == 200
    assert client.get(f"{path}?{query}").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["abc", "", "1 or 1", "-1", "²"])
def test_actions_are_for_rows_that_can_be(client_for, number):
    client = client_for(MANAGER)
    client.raise_request_exception = False
    path = reverse("admin:articles_forbiddenphrase_changelist")
    chosen = {"action": "delete_selected", "_selected_action": number}
    assert client.post(path, chosen).status_code == 400


# Acts that would leave no entry


@pytest.mark.django_db
def test_still_correct_on_the_desk_is_logged_once_with_its_passages(client_for, account_of, pair):
    source, text = pair["zh-hans"], pair["en"]
    source.title = "新的标题"
    source.save()
    services.save_revision(source)
    page = get(client_for(TRANSLATOR), address("change", text))
    for _twice in range(2):
        sent = page.send(**{"still-correct": ["@title", "made up"]})
        page = get(sent.client, address("change", text))
    (entry,) = AuditEntry.objects.filter(act="confirmed")
    assert (entry.user, entry.details) == (account_of(TRANSLATOR), {"units": ["@title"]})


@pytest.mark.django_db
@pytest.mark.parametrize("is_right", [True, False])
def test_changing_ones_own_password_is_logged_without_it(client_for, account_of, is_right):
    client, user = client_for(WRITER), account_of(WRITER)
    user.set_password("first-Pass-1")
    user.save()
    client.force_login(user)
    before = AuditEntry.objects.count()
    data = {"new_password1": "second-Pass-2", "new_password2": "second-Pass-2"}
    old = "first-Pass-1" if is_right else "guessed"
    client.post(reverse("admin:password_change"), {"old_password": old, **data})
    entries = AuditEntry.objects.order_by("pk")[before:]
    assert [(item.act, item.target_type, item.user) for item in entries] == (
        [("changed", "user", user)] if is_right else []
    )
    assert not any("ass-" in str(item.details) for item in entries)


# Files of strangers


@pytest.mark.django_db
@pytest.mark.parametrize("is_stranger", [True, False])
def test_files_of_strangers_are_counted_and_not_kept(settings, tmp_path, account_of, is_stranger):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    size = 3 * 1024**2
    file = SimpleUploadedFile("a.jpg", bytes(size), "image/jpeg")
    request = RequestFactory().post("/admin/login/", {"file": file, "username": "x"})
    request.user = AnonymousUser() if is_stranger else account_of(WRITER)
    assert request.POST["username"] == "x"
    sent = request.FILES["file"]
    assert (sent.size, len(sent.read())) == (size, 0 if is_stranger else size)
    assert len(list(tmp_path.iterdir())) == (0 if is_stranger else 1)
    request.close()


# Previews in the desk's own origin


@pytest.mark.django_db
def test_nothing_in_a_preview_can_run(client_for, account_of, client, pair):
    text = pair["en"]
    link = services.make_preview_link(text, recipient="Ann", days=1, user=account_of(WRITER))
    for reader, path in (
        (client_for(MANAGER), address("preview", text)),
        (client, shared_path(link)),
    ):
        answer = reader.get(path)
        policy = dict(
            part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; ")
        )
        assert (answer.status_code, policy["script-src"]) == (200, "'none'")
        assert b"<script" not in answer.content
