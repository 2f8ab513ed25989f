"""Tables that come with the product, to begin without data of one's own."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Sample:
    slug: str
    title: str
    sentence: str

    @property
    def path(self) -> Path:
        return Path(settings.BASE_DIR) / "examples" / f"{self.slug}.csv"


SAMPLES = {
    sample.slug: sample
    for sample in (
        Sample("penguins", "Penguins", "344 rows, three species. A model in seconds."),
        Sample("titanic", "Titanic", "891 rows, with a leak to catch."),
        Sample("mpg", "Miles per gallon", "398 cars, a number to estimate."),
    )
}
