"""Uploads that no form accepts are counted, and take nothing else with them."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from healthsite.uploading import MAX_KEPT

HUGE = 3 * MAX_KEPT


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return settings.FILE_UPLOAD_TEMP_DIR


def sent(*sizes: int):
    """A request with files of these sizes between two fields."""
    files = [SimpleUploadedFile(f"{size}.jpg", bytes(size), "image/jpeg") for size in sizes]
    return RequestFactory().post("/", {"before": "之前", "files": files, "after": "之后"})


def test_too_large_a_file_has_its_size_and_no_content(folder):
    request = sent(HUGE)
    assert request.POST.dict() == {"before": "之前", "after": "之后"}
    file = request.FILES["files"]
    assert (file.name, file.size, file.content_type) == (f"{HUGE}.jpg", HUGE, "image/jpeg")
    assert file.read() == b""
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("size", [0, 1, 3 * 1024**2, MAX_KEPT])
def test_what_may_fit_is_kept_whole(folder, size: int):
    request = sent(size)
    file = request.FILES["files"]
    assert file.size == size
    assert len(file.read()) == size
    request.close()


def test_files_beside_too_large_a_one_are_kept(folder):
    request = sent(10, HUGE, 3 * 1024**2, HUGE, 20)
    files = request.FILES.getlist("files")
    assert [file.size for file in files] == [10, HUGE, 3 * 1024**2, HUGE, 20]
    assert [len(file.read()) for file in files] == [10, 0, 3 * 1024**2, 0, 20]
    assert len(list(folder.iterdir())) == 3
    request.close()
    assert list(folder.iterdir()) == []
