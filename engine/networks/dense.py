"""The shape of a dense network: layers of neurons between the columns and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.learners.dense_network import DenseNetwork


def dense(layers: DenseNetwork, columns: int, classes: int, seed: int) -> Any:
    """An untrained Keras model: `columns` numbers in; a share for each class out, or a number for 0 classes.

    The weights are drawn from `seed`.
    """
    import keras

    keras.utils.set_random_seed(seed)
    hidden: list[Any] = []
    for units in layers.units:
        hidden.append(keras.layers.Dense(units, activation=layers.activation))
        if layers.dropout:
            hidden.append(keras.layers.Dropout(layers.dropout, seed=seed))
    last = keras.layers.Dense(classes, activation="softmax") if classes else keras.layers.Dense(1)
    return keras.Sequential([keras.Input((columns,)), *hidden, last])


def with_scale(network: Any, scale: float, offset: float) -> Any:
    """The same layers, then `answer * scale + offset`: trained on scaled values, it answers in real ones."""
    import keras

    rescaling = keras.layers.Rescaling(scale, offset)
    return keras.Sequential([keras.Input(network.input_shape[1:]), *network.layers, rescaling])
