"""What the pages of datasets show: found once, ready for the template."""

from datasets.pages.dataset import DatasetPage
from datasets.pages.listing import Listing, listed

__all__ = ["DatasetPage", "Listing", "listed"]
