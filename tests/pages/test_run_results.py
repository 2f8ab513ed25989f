"""The results of a run: the answer first, each score beside its yardstick, figures from their data, files."""

import pytest

from accounts.models import User
from experiments.models import Experiment
from tests.conftest import As
from tests.pages.conftest import Train

pytestmark = pytest.mark.django_db


def test_a_trained_classification_says_how_good_it_is(
    as_: As, owner: User, folded: Experiment, train: Train
) -> None:
    run = train(folded)
    page = as_(owner).get(run.get_absolute_url()).content.decode()
    assert run.headline["text"] in page
    assert "Naive guess" in page
