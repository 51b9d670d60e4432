"""The picture library in a browser: dropping, clicking the focal point, and all of it without."""

import base64
import io
import re

import pytest
from PIL import Image as Picture

from articles.crops import CROPS, crop_box
from tests.browser.test_admin import assert_no_barrier

pytestmark = pytest.mark.browser

LIBRARY = "/admin/articles/image/"


def picture(width: int = 600, height: int = 400) -> bytes:
    output = io.BytesIO()
    Picture.linear_gradient("L").resize((width, height)).save(output, "JPEG")
    return output.getvalue()


def file(name: str, data: bytes, kind: str = "image/jpeg") -> dict:
    return {"name": name, "mimeType": kind, "buffer": data}


@pytest.fixture(scope="module")
def photograph(manage, site) -> str:
    """The path of a photograph's page."""
    code = """
import base64
import io
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from articles.admin.uploads import store_upload
output = io.BytesIO()
Picture.linear_gradient("L").resize((1600, 900)).save(output, "JPEG")
file = SimpleUploadedFile("a.jpg", output.getvalue())
print(store_upload(None, "browser-photograph", file, credit="Wu Daozi", user=None).pk)
"""
    return f"{LIBRARY}{manage('shell', '-v0', '-c', code).splitlines()[-1]}/change/"


@pytest.fixture(scope="module")
def drawing(manage, site) -> str:
    """The path of the page of a drawing that texts show."""
    code = """
from articles.models import Image
print(Image.objects.filter(figures__isnull=False).first().pk)
"""
    return f"{LIBRARY}{manage('shell', '-v0', '-c', code).splitlines()[-1]}/change/"


def drop(page, selector: str, files: list[dict]) -> None:
    """Drop files as a browser reports it: over the place, then on it."""
    handle = page.evaluate_handle(
        """(files) => {
            const data = new DataTransfer();
            for (const { name, type, size, text } of files) {
                const bytes = text ? Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
                                   : new Uint8Array(size);
                data.items.add(new File([bytes], name, { type }));
            }
            return data;
        }""",
        files,
    )
    for kind in ("dragover", "drop"):
        page.dispatch_event(selector, kind, {"dataTransfer": handle})


def view_boxes(page) -> list[list[int]]:
    boxes = page.locator(".crop__picture").evaluate_all(
        "crops => crops.map(crop => crop.getAttribute('viewBox'))"
    )
    return [[int(number) for number in box.split()] for box in boxes]


def expected(width: int, height: int, x: int, y: int) -> list[list[int]]:
    boxes = [crop_box(width, height, x, y, crop.ratio) for crop in CROPS]
    return [[left, top, right - left, bottom - top] for left, top, right, bottom in boxes]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_library_has_no_barrier(desk_page, photograph, drawing, language):
    for path in (LIBRARY, f"{LIBRARY}add/", f"{LIBRARY}upload/", photograph, drawing):
        page = desk_page(path, language=language)
        for summary in page.locator(".add-pictures > summary, .card__uses > summary").all()[:3]:
            summary.click()
        assert_no_barrier(page)


def test_where_a_picture_cannot_go_there_is_no_barrier(desk_page, drawing):
    page = desk_page(drawing.replace("change", "delete"), language="en")
    assert page.locator(".uses a").count() >= 1
    assert page.locator("input[name=post]").count() == 0
    assert_no_barrier(page)


def test_a_click_sets_the_focal_point_and_the_crops_follow(desk_page, photograph):
    page = desk_page(photograph, language="en")
    assert view_boxes(page) == expected(1600, 900, 50, 50)
    box = page.locator("#focus-stage").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.2)
    x, y = (int(page.locator(f"#id_focus_{axis}").input_value()) for axis in "xy")
    assert abs(x - 90) <= 1
    assert abs(y - 20) <= 1
    assert view_boxes(page) == expected(1600, 900, x, y)
    page.locator("input[name=_continue]").click()
    page.locator(".messagelist .success").wait_for()
    assert view_boxes(page) == expected(1600, 900, x, y)


def test_arrow_keys_move_the_focal_point(desk_page, photograph):
    page = desk_page(photograph, language="zh-hans")
    page.locator("#id_focus_x").fill("7")
    page.locator("#id_focus_x").press("ArrowUp")
    page.locator("#id_focus_y").fill("300")
    assert view_boxes(page) == expected(1600, 900, 8, 100)


def test_script_and_server_crop_alike(desk_page, drawing):
    page = desk_page(drawing)
    width, height = (
        page.evaluate(f"document.getElementById('focus-stage').viewBox.baseVal.{side}")
        for side in ("width", "height")
    )
    for x, y in ((0, 0), (33, 67), (50, 1), (99, 100), (17, 83)):
        page.locator("#id_focus_x").fill(str(x))
        page.locator("#id_focus_y").fill(str(y))
        assert view_boxes(page) == expected(int(width), int(height), x, y)


def test_files_are_dropped_anywhere_on_the_library(desk_page):
    page = desk_page(LIBRARY, language="en")

    text = base64.b64encode(picture()).decode()
    drop(
        page,
        "h1",
        [
            {"name": "dropped-lamp.jpg", "type": "image/jpeg", "text": text},
            {"name": "broken.jpg", "type": "image/jpeg", "size": 300},
            {"name": "huge.jpg", "type": "image/jpeg", "size": 51 * 1024**2},
        ],
    )
    rows = page.locator(".drop__file")
    assert rows.count() == 3
    assert page.locator(".drop__file--refused").count() == 1
    page.locator(".upload [name=credit]").fill("Wu Daozi")
    page.locator(".upload button").click()
    page.wait_for_url(re.compile("/upload/"))
    assert page.locator(".refused li").count() == 1
    assert "broken.jpg" in page.locator(".refused").inner_text()
    assert page.locator(".upload [name=credit]").input_value() == "Wu Daozi"
    page.problems.clear()  # the answer is 422, which a console may mention
    page.goto(page.url.replace("upload/", "?q=dropped-lamp"))
    assert page.locator(".library .card").count() == 1


def test_a_file_that_misses_its_zone_loses_nothing(desk_page):
    page = desk_page(f"{LIBRARY}add/", language="en")
    page.locator("#id_credit").fill("Wu Daozi")
    drop(page, "h1", [{"name": "a.jpg", "type": "image/jpeg", "size": 300}])
    assert page.locator("#id_credit").input_value() == "Wu Daozi"
    assert page.evaluate("document.getElementById('id_upload').files.length") == 1


@pytest.mark.parametrize("script", [True, False])
def test_a_picture_is_added_kept_over_a_mistake_and_given_a_focal_point(desk_page, script):
    page = desk_page(f"{LIBRARY}add/", language="en", script=script)
    key = f"walked-{'with' if script else 'without'}-script"
    page.locator("#id_upload").set_input_files(file("Evening.jpg", picture()))
    page.locator("#id_key").fill("Not a key")
    page.locator("#id_is_own_work").check()
    page.locator("input[name=_save]").click()
    page.wait_for_selector(".kept")
    page.locator("#id_key").fill(key)
    page.locator("input[name=_save]").click()
    page.wait_for_url(re.compile(r"/\d+/change/"))
    assert page.locator(".crop__picture").count() == len(CROPS)
    page.locator("#id_focus_x").fill("10")
    page.locator("input[name=_continue]").click()
    page.locator(".messagelist .success").wait_for()
    assert view_boxes(page) == expected(600, 400, 10, 50)


def test_too_large_a_file_without_script_gets_its_sentence(desk_page, tmp_path):
    large = tmp_path / "scan.jpg"
    large.write_bytes(b"\xff\xd8\xff" + bytes(50 * 1024**2))
    page = desk_page(f"{LIBRARY}add/", language="en", script=False)
    page.locator("#id_upload").set_input_files(large)
    page.locator("#id_key").fill("scan")
    page.locator("#id_credit").fill("Wu Daozi")
    page.locator("input[name=_save]").click()
    page.wait_for_selector(".errorlist")
    assert page.locator(".field-upload .errorlist li").count() == 1
    assert "50.0 MB" in page.locator(".field-upload .errorlist").inner_text()
    assert page.locator("#id_key").input_value() == "scan"
    assert page.locator("#id_credit").input_value() == "Wu Daozi"
