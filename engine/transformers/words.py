"""Words of texts, by how telling they are. Stands alone: it travels inside model files."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer


class Words(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """TF-IDF of each column of texts; with `svd`, condensed to at most so many columns each.

    A text column whose training rows hold no word at all gives one column of zeros.

    Attributes:
        words_, weights_: for each column, its words in the order of the alphabet, one a line, and their
            inverse document frequencies; none where training had no word.
        topics_: for each column, what condenses it; None where nothing does.
    """

    def __init__(self, max_features: int, ngrams: int, min_df: int, svd: int | None, seed: int) -> None:
        self.max_features = max_features
        self.ngrams = ngrams
        self.min_df = min_df
        self.svd = svd
        self.seed = seed

    def fit(self, table: pd.DataFrame, target: Any = None) -> Words:
        """Learn the words and their weights. `table` holds columns of str."""
        self.fit_transform(table)
        return self

    def fit_transform(self, table: pd.DataFrame, target: Any = None) -> Any:
        """`fit` and `transform` in one look at the texts."""
        self.columns_ = [str(name) for name in table.columns]
        self.words_: list[str] = []
        self.weights_: list[np.ndarray] = []
        self.topics_: list[TruncatedSVD | None] = []
        return _beside([self._learned(table[name]) for name in self.columns_])

    def transform(self, table: pd.DataFrame) -> Any:
        """Shape (rows, words or topics): sparse (CSR), or dense where all columns are condensed."""
        return _beside([self._of(place, table[name]) for place, name in enumerate(self.columns_)])

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Such as "message: free", or "message: topic 1"."""
        named = zip(self.columns_, self.words_, self.topics_, strict=True)
        return np.array([name for found in named for name in _names(*found)], dtype=object)

    def _learned(self, texts: pd.Series) -> Any:
        words, weights, counted = self._counted(texts)
        topics = None
        if words and self.svd is not None:
            topics = TruncatedSVD(min(self.svd, len(weights)), random_state=self.seed).fit(counted)
            # As it lies in memory once it was saved and loaded: products come out the same to the last bit.
            topics.components_ = np.ascontiguousarray(topics.components_)
            counted = topics.transform(counted)
        self.words_.append(words)
        self.weights_.append(weights)
        self.topics_.append(topics)
        return counted

    def _counted(self, texts: pd.Series) -> tuple[str, np.ndarray, Any]:
        for least in (self.min_df, 1):
            vectorizer = self._vectorizer(min_df=least, max_features=self.max_features)
            with suppress(ValueError):  # no word is in so many rows
                counted = vectorizer.fit_transform(texts)
                return "\n".join(vectorizer.get_feature_names_out()), vectorizer.idf_, counted
        return "", np.empty(0), _no_words(len(texts))

    def _of(self, place: int, texts: pd.Series) -> Any:
        words, topics = self.words_[place], self.topics_[place]
        if not words:
            return _no_words(len(texts))
        vectorizer = self._vectorizer(vocabulary=words.split("\n"))
        vectorizer.idf_ = self.weights_[place]
        counted = vectorizer.transform(texts)
        return counted if topics is None else topics.transform(counted)

    def _vectorizer(self, **settings: Any) -> TfidfVectorizer:
        return TfidfVectorizer(ngram_range=(1, self.ngrams), **settings)


def _no_words(rows: int) -> Any:
    return sparse.csr_matrix((rows, 1))


def _beside(blocks: list[Any]) -> Any:
    if any(sparse.issparse(block) for block in blocks):
        return sparse.hstack(blocks, format="csr")
    return np.hstack(blocks)


def _names(column: str, words: str, topics: TruncatedSVD | None) -> list[str]:
    if not words:
        return [f"{column}: no words"]
    if topics is not None:
        return [f"{column}: topic {number}" for number in range(1, len(topics.components_) + 1)]
    return [f"{column}: {word}" for word in words.split("\n")]
