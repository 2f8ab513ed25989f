"""The model file: one zip that holds all that is needed to use, check and understand a model elsewhere."""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import platform
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from engine import predict, trusted
from engine.fit import Fitted
from engine.model_card import model_card
from engine.predict import CannotPredict, Predictor, load
from engine.prepare import Ready, typical
from engine.spec import RunSpec

_IMPORTED = r"(?m)^from engine\.trusted import .*$"

__all__ = ["CannotPredict", "Predictor", "load", "save"]


def save(path: Path, fitted: Fitted, spec: RunSpec, ready: Ready, metrics: dict[str, Any]) -> None:
    """Write a model file: pipeline (no pickle), network, manifest, card and a program to use it."""
    members = _parts(fitted, spec)
    sources = _sources(members["pipeline.skops"])
    libraries = _libraries(spec)
    manifest = {
        "format": predict.FORMAT,
        "task": spec.task,
        "target": spec.target,
        "spec": spec.model_dump(mode="json"),
        "fingerprint": spec.fingerprint(),
        "columns": _columns(ready),
        "classes": None if fitted.known is None else [ready.classes[number] for number in fitted.known],
        "target_transform": fitted.bend,
        "threshold": metrics["threshold"],
        "metrics": metrics["test"],
        "libraries": libraries,
        "python": platform.python_version(),
    }
    members["model_card.md"] = model_card(manifest, metrics).encode()
    members["requirements.txt"] = "".join(
        f"{name}=={version}\n" for name, version in libraries.items()
    ).encode()
    members |= {**sources, "predict.py": _program(sources)}
    manifest["sha256"] = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    _write(path, {"manifest.json": json.dumps(manifest, ensure_ascii=False).encode(), **members})


def _parts(fitted: Fitted, spec: RunSpec) -> dict[str, bytes]:
    if not spec.model.is_network:
        return {"pipeline.skops": dumps(fitted.pipeline)}
    network = fitted.pipeline["model"].network()
    return {"pipeline.skops": dumps(fitted.pipeline[:-1]), "network.keras": _saved(network)}


def dumps(pipeline: Any) -> bytes:
    """What skops.io.dumps writes, but for the indentation of its schema: that takes three times the rest."""
    import skops
    from skops.io import _persist

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        context = _persist.SaveContext(zip_file=archive)
        state = _persist.get_state(pipeline, context)
        context.clear_memo()
        schema = {**state, "protocol": context.protocol, "_skops_version": skops.__version__}
        archive.writestr("schema.json", json.dumps(schema))
    return buffer.getvalue()


def _sources(pipeline: bytes) -> dict[str, bytes]:
    """The files of our own that a saved pipeline needs: its transformers, each of which stands alone."""
    if b"engine.transformers." not in pipeline:  # names stand in it as they are; most pipelines hold none
        return {}
    held = {module for module, _, _ in predict.types_in(pipeline)}
    used = {module for module in held if module.startswith("engine.transformers.")}
    modules = ["engine.__init__", "engine.transformers.__init__", *sorted(used)]
    names = [f"{module.replace('.', '/')}.py" for module in modules]
    return {name: (Path(predict.__file__).parent.parent / name).read_bytes() for name in names}


def _program(sources: dict[str, bytes]) -> bytes:
    """predict.py as it stands alone: with what it trusts in it, and knowing the code that came with it."""
    known = {name: hashlib.sha256(source).hexdigest() for name, source in sources.items()}
    whole = Path(trusted.__file__).read_text("utf-8").partition("from __future__ import annotations\n")[2]
    whole = whole.replace("SOURCES: dict[str, str] = {}", f"SOURCES: dict[str, str] = {json.dumps(known)}")
    return re.sub(_IMPORTED, lambda _: whole, Path(predict.__file__).read_text("utf-8")).encode()


def _saved(network: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.keras"
        network.save(path)
        return path.read_bytes()


def _columns(ready: Ready) -> list[dict[str, Any]]:
    return [
        {"name": name, "kind": kind, "typical": typical(ready.features[name], kind)}
        for name, kind in ready.kinds.items()
    ]


def _libraries(spec: RunSpec) -> dict[str, str]:
    import numpy as np
    import pandas as pd
    import sklearn
    import skops

    found = {"numpy": np, "pandas": pd, "scikit-learn": sklearn, "skops": skops}
    found |= {name: importlib.import_module(name) for name in spec.model.libraries}
    libraries = {name: str(module.__version__) for name, module in found.items()}
    return {**libraries, **_network_libraries()} if spec.model.is_network else libraries


def _network_libraries() -> dict[str, str]:
    import keras

    backend = keras.config.backend()
    return {"keras": keras.__version__, backend: importlib.import_module(backend).__version__}


def _write(path: Path, members: dict[str, bytes]) -> None:
    """Beside its place first, so that no half file ever stands there."""
    beside = path.with_name(path.name + ".part")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    beside.replace(path)
