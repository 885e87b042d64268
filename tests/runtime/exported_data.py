"""The data of an exported program beside that of the app: both must give the same batches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

import torch

from engine.graph.model import Project
from engine.runtime.data.batch_loader import BatchLoader
from engine.runtime.training_setup.prepare import prepare
from engine.runtime.training_setup.program import program

CPU = torch.device("cpu")


@contextmanager
def exported(project: Project, base: Path, folder: Path) -> Iterator[dict[str, ModuleType]]:
    """The modules ``data`` and ``predict`` of the exported program, imported from a folder."""
    prepared = prepare(project, base)
    folder.mkdir()
    texts = {"model.py": prepared.source.text, **prepared.step, **program(prepared, 1)}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    names = {name.removesuffix(".py") for name in texts if name.endswith(".py")}
    saved = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path.insert(0, str(folder))
    invalidate_caches()
    try:
        yield {name: import_module(name) for name in ("data", "predict")}
    finally:
        sys.path.remove(str(folder))
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(saved)


def assert_same_batches(project: Project, base: Path, folder: Path, epochs: int = 2) -> None:
    """Compare all training batches of the app and of the exported program, and the validation samples."""
    data = prepare(project, base).data
    paths = [source.path for source in data.sources]
    with exported(project, base, folder) as modules:
        loaded = modules["data"].load_data(*([paths] if paths else []), CPU)
        training, validation = loaded[:2] if isinstance(loaded, tuple) else (loaded, {})
        loader = BatchLoader(data, project.training, set(training), CPU)
        for epoch in range(epochs):
            own = list(loader.batches(epoch))
            others = list(modules["data"].epoch_batches(training, project.training.seed, epoch))
            assert len(own) == len(others) > 0
            for batch, other in zip(own, others, strict=True):
                assert batch.keys() >= other.keys()
                assert all(torch.equal(batch[name], other[name]) for name in other)
        assert all(torch.equal(loader.validation[name], validation[name]) for name in validation)
