"""Trains the weights that ship with the app; only needed to renew them, never at run time.

Usage, from the project's folder: ``.venv/bin/python resources/weights/make.py``. It takes half a minute on one core.

``digits-teacher``: the best weights of a run of the template digits-cnn, wider and without label smoothing. The
template digits-distill learns from its outputs. It trains on 40 % of the digits, the same ones as that template.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
CHANGES = (
    'name="digits-teacher"',
    "graphs.Net.nodes.conv1.params.out_channels=64",
    "graphs.Net.nodes.fc1.params.out_features=96",
    "graphs.Net.nodes.loss.params.label_smoothing=0",
    "data.split.validation=0.6",
    "training.epochs=30",
)


def torchloom(*arguments: str) -> None:
    """Run a command of the app, and show what it prints."""
    subprocess.run([sys.executable, "-m", "engine", *arguments], check=True)


def main() -> None:
    """Write every file again; the same versions on one thread give the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        file, run = f"{folder}/teacher.loom", f"{folder}/run"
        exported = f"{folder}/digits-teacher.safetensors"
        torchloom("new", "digits-cnn", "-o", file)
        changes = [word for change in CHANGES for word in ("--set", change)]
        torchloom("train", file, "--run", run, "--seed", "0", "--threads", "1", "--device", "cpu", *changes)
        torchloom("export", run, "--to", "safetensors", "-o", exported)
        (HERE / "digits-teacher.safetensors").write_bytes(Path(exported).read_bytes())


if __name__ == "__main__":
    main()
