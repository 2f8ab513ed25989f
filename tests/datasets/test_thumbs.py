"""An image set is shown as a wall of small pictures, to those who may see it."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from accounts.models import User
from datasets import files, thumbs
from datasets.models import DatasetVersion
from datasets.thumbs import Wall
from tests.conftest import As
from tests.datasets.drawing import drawn
from tests.datasets.zips import packed

Sent = Callable[..., DatasetVersion]


def zoo(cats: int = 20, dogs: int = 3) -> bytes:
    animals = {f"cat/{number:03}.png": drawn((number, 0, 0)) for number in range(cats)}
    return packed(animals | {f"dog/{number}.png": drawn((0, number, 0)) for number in range(dogs)})


@pytest.fixture
def animals(ingest: Sent) -> DatasetVersion:
    return ingest(zoo(), "zoo.zip")


@pytest.mark.parametrize("name", ["dataset_thumb", "api-thumb"])
def test_a_picture_is_sent_small_and_may_be_kept(
    name: str, animals: DatasetVersion, as_: As, viewer: User
) -> None:
    answer = as_(viewer).get(reverse(name, args=[animals.pk, 2]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    image = Image.open(io.BytesIO(answer.content))
    assert (image.format, image.convert("RGB").getpixel((0, 0))) == ("WEBP", (2, 0, 0))


def test_who_may_not_see_the_data_sees_no_picture_of_it(
    animals: DatasetVersion, as_: As, stranger: User, viewer: User
) -> None:
    address = reverse("dataset_thumb", args=[animals.pk, 0])
    assert as_(stranger).get(address).status_code == 404
    assert as_(None).get(address).status_code == 302
    animals.deleted_at = animals.created_at
    animals.save()
    assert as_(viewer).get(address).status_code == 404


def test_rows_without_a_picture_have_none(
    animals: DatasetVersion, version: DatasetVersion, as_: As, viewer: User
) -> None:
    for place, row in ((animals, 23), (animals, 10**30), (version, 0)):
        answer = as_(viewer).get(reverse("api-thumb", args=[place.pk, row]))
        assert answer.status_code == 404
        assert answer["Content-Type"] != "image/webp"


def test_pictures_whose_file_is_gone_are_not_found(animals: DatasetVersion, as_: As, viewer: User) -> None:
    files.remove(animals.thumbs_key)
    assert as_(viewer).get(reverse("dataset_thumb", args=[animals.pk, 0])).status_code == 404


def test_the_wall_shows_some_of_each_class_and_then_all_of_one(animals: DatasetVersion) -> None:
    wall = Wall(animals, None, None)
    assert [(strip.label, strip.count, len(strip.tiles)) for strip in wall.strips] == [
        ("cat", 20, thumbs.FIRST),
        ("dog", 3, 3),
    ]
    (dogs,) = Wall(animals, "dog", None).strips
    assert [tile.row for tile in dogs.tiles] == [21, 22, 23]
    assert dogs.tiles[0].alt == "dog, row 21"
    assert dogs.tiles[0].src == reverse("dataset_thumb", args=[animals.pk, 20])
    assert "row=21" in dogs.tiles[0].href


def test_a_wall_of_many_is_paged(animals: DatasetVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbs, "TILES", 10)
    monkeypatch.setattr(thumbs, "CLASSES", 1)
    assert [tile.row for tile in Wall(animals, "cat", "2").strips[0].tiles] == list(range(11, 21))
    assert [strip.label for strip in Wall(animals, None, "2").strips] == ["dog"]


def test_a_class_that_is_not_there_shows_all(animals: DatasetVersion) -> None:
    assert len(Wall(animals, "unicorn", None).strips) == 2


def test_tiny_pictures_are_drawn_with_sharp_edges(animals: DatasetVersion, ingest: Sent) -> None:
    large = {f"{label}/{n}.png": drawn((n, 0, 0), (40, 40)) for label in ("cat", "dog") for n in range(3)}
    assert Wall(animals, None, None).is_tiny
    assert not Wall(ingest(packed(large), "large.zip"), None, None).is_tiny


def test_tiny_pictures_stay_sharp_beside_their_rows(
    animals: DatasetVersion, as_: As, viewer: User, warm: object
) -> None:
    page = as_(viewer).get(animals.get_absolute_url(), {"tab": "rows"}).content.decode()
    assert page.count('<td class="wall--tiny"><img class="thumb"') == 23


def test_a_table_has_no_wall(version: DatasetVersion) -> None:
    assert Wall(version, None, None).strips == []


def test_the_page_draws_the_wall_with_words_for_each_picture(
    animals: DatasetVersion, as_: As, viewer: User
) -> None:
    browser = as_(viewer)
    page = browser.get(animals.get_absolute_url(), {"tab": "pictures"}).content.decode()
    assert page.count('class="thumb"') == thumbs.FIRST + 3
    assert 'alt="cat, row 1"' in page
    assert "?tab=pictures&amp;label=dog" in page
    one = browser.get(animals.get_absolute_url(), {"tab": "pictures", "label": "dog"}).content.decode()
    assert one.count('class="thumb"') == 3


def test_the_card_of_the_pictures_says_how_large_they_are(
    animals: DatasetVersion, as_: As, viewer: User
) -> None:
    page = as_(viewer).get(animals.get_absolute_url()).content.decode()
    assert "<dt>Median size</dt><dd>6 × 4</dd>" in page
    assert "<dt>Files</dt><dd>PNG</dd>" in page


def cells(answer: Any) -> list[Any]:
    return [row[2] for row in answer.json()["results"]]


def test_a_page_of_rows_names_pictures_and_sends_none(animals: DatasetVersion, as_: As, viewer: User) -> None:
    found = cells(as_(viewer).get(reverse("api-preview", args=[animals.pk]), {"limit": 2, "offset": 1}))
    assert found == [{"thumb": reverse("dataset_thumb", args=[animals.pk, row])} for row in (1, 2)]


def test_the_thumbnails_are_counted_and_stand_beside_the_table(animals: DatasetVersion) -> None:
    path = files.path_of(animals.thumbs_key)
    assert path.stat().st_size == animals.thumbs_size
    assert path.parent == Path(files.path_of(animals.parquet_key)).parent
