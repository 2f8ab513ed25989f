"""Dense network: layers of neurons, by Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from engine.events import OnStep
from engine.learners.base import Learner, SearchSpace, choice, real
from engine.metrics import TASKS, Task
from engine.networks.settings import Training

if TYPE_CHECKING:
    import numpy as np

Units = Annotated[int, Field(ge=1, le=4096)]


class DenseNetwork(Learner):
    """Layers of neurons, each connected to all of the layer before."""

    title = "Dense network"
    summary = "Layers of neurons. Worth a try from some thousand rows on."
    tasks = TASKS
    is_network = True
    step = "epoch"
    takes_float32 = True

    algo: Literal["dense_network"] = Field("dense_network", title="Learner")
    units: tuple[Units, ...] = Field(
        (64, 32),
        min_length=1,
        max_length=10,
        strict=False,
        title="Neurons per layer",
        description="One number for each hidden layer, 1 to 4,096; at most 10 layers.",
    )
    activation: Literal["relu", "elu", "selu", "gelu", "tanh", "sigmoid"] = Field(
        "relu", title="Activation", description="The bend that each neuron adds."
    )
    dropout: float = Field(
        0.0,
        ge=0,
        le=0.9,
        title="Dropout",
        description="Share of neurons switched off in each step, against learning by heart.",
    )

    @classmethod
    def search_space(cls) -> SearchSpace:
        return {
            "units": choice([32], [64, 32], [128, 64], [256, 128, 64]),
            "activation": choice("relu", "elu", "tanh"),
            "dropout": real(0.0, 0.5),
        }

    def build(self, task: Task, seed: int, threads: int, training: Training | None = None) -> Any:
        from engine.networks.estimator import Network

        return Network(task=task, layers=self, training=training or Training(), seed=seed)

    def fit(self, model: Any, features: Any, target: np.ndarray, on_step: OnStep | None = None) -> None:
        model.fit(features, target, **({"on_epoch": on_step} if on_step else {}))
