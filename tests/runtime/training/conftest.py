"""What several tests of training need."""

import pytest

from engine.runtime.checkpoints import checkpoint


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event and a checkpoint after each step, and all of them kept."""
    for name in ("LOOK_S", "SAVE_S"):
        monkeypatch.setattr(f"engine.runtime.training.loop.{name}", 0.0)
    monkeypatch.setattr(checkpoint, "prune", lambda *_: None)
