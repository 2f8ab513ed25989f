"""What a child that reads files needs, imported once by the process it is forked from. Starts no thread."""

import charset_normalizer  # noqa: F401
import PIL.JpegImagePlugin  # noqa: F401
import PIL.PngImagePlugin  # noqa: F401
import PIL.WebPImagePlugin  # noqa: F401
import pyarrow.parquet  # noqa: F401
import python_calamine  # noqa: F401

import datasets.readers.rows  # noqa: F401
from datasets import database

database.rehearse()
