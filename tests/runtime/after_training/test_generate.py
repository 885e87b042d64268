"""What runs generate: the same in the app and in the exported program, and every refusal in one sentence."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from engine.cli.app import run as command
from engine.errors import EngineError
from engine.graph.model import Part, Project
from engine.runtime.after_training.export import export_run
from engine.runtime.after_training.generate import generate
from engine.runtime.after_training.predict import predict
from resources.snippets.sampling import image_grid, sample_file
from tests.samplers import noisy, sampler
from tests.training import assert_readable, run_script, train


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """A run of a network that makes digits of noise."""
    return train(sampler(epochs=1), tmp_path_factory.mktemp("runs") / "run").folder


@pytest.mark.parametrize("suffix", [".png", ".npz", ".safetensors"])
def test_the_same_seed_gives_the_same_file_with_and_without_the_app(
    run: Path, suffix: str, tmp_path: Path, monkeypatch
) -> None:
    export_run(run, "code", tmp_path / "out")
    ours, again, other, alone = (tmp_path / f"{name}{suffix}" for name in ("ours", "again", "other", "alone"))
    generate(run, ours, count=300, seed=3)
    generate(run, again, count=300, seed=3)
    generate(run, other, count=300, seed=4)
    script = ("--count", "300", "--seed", "3", "-o", str(alone))
    run_script(tmp_path / "out", monkeypatch, *script, name="generate.py")

    assert ours.read_bytes() == again.read_bytes() == alone.read_bytes()
    assert ours.read_bytes() != other.read_bytes()


def test_a_grid_holds_every_image_and_numbers_are_not_cut(run: Path, tmp_path: Path) -> None:
    for name in ("grid.png", "numbers.npz", "numbers.safetensors"):
        generate(run, tmp_path / name, count=10)
    numbers = np.load(tmp_path / "numbers.npz")["samples"]
    grid = np.asarray(Image.open(io.BytesIO((tmp_path / "grid.png").read_bytes())))

    assert numbers.shape == (10, 1, 8, 8)
    assert numbers.dtype == np.float32
    assert np.array_equal(load_file(tmp_path / "numbers.safetensors")["samples"].numpy(), numbers)
    assert grid.shape == (2 + 2 * 10, 2 + 8 * 10)
    assert np.array_equal(grid[2:10, 2:10], np.round(numbers[0, 0] * 255).astype(np.uint8))
    assert np.array_equal(grid[12:20, 12:20], np.round(numbers[9, 0] * 255).astype(np.uint8))
    assert not grid[12:20, 22:].any()


@pytest.mark.parametrize("shape", [(5, 3, 4, 6), (5, 1, 4, 6), (5, 4, 6)])
def test_colours_and_greys_become_images(shape: tuple[int, ...]) -> None:
    samples = torch.linspace(-2, 2, int(np.prod(shape))).reshape(shape)
    grid = image_grid(samples, -1.0, 1.0)

    assert grid.shape == (2 + 6, 2 + 5 * 8, *([3] if shape[1] == 3 else []))
    assert grid.min() == 0
    assert grid.max() == 255
    assert Image.open(io.BytesIO(sample_file(samples, ".png", -1.0, 1.0))).size == (42, 8)


def test_an_export_has_a_program_that_generates_and_one_that_says_why_it_predicts_nothing(
    run: Path, tmp_path: Path, monkeypatch
) -> None:
    export_run(run, "code", tmp_path / "out")
    assert_readable(tmp_path / "out")
    readme = (tmp_path / "out" / "README.md").read_text()
    assert "python generate.py --count 64 --seed 0 -o grid.png" in readme
    assert "python predict.py FILE" not in readme
    assert "| `predict.py` | explains that this network makes no predictions |" in readme
    assert "writes the weights of the last epoch" in readme
    assert "LR schedule" not in readme
    assert "`generate.py` loads `weights.safetensors`; choose another file" in readme
    assert not (tmp_path / "out" / "reading.py").exists()
    assert "def finish_pass" not in (tmp_path / "out" / "phases.py").read_text()
    assert "pillow" in (tmp_path / "out" / "requirements.txt").read_text()
    with pytest.raises(SystemExit, match=r"python generate\.py makes samples"):
        run_script(tmp_path / "out", monkeypatch, "x.png", name="predict.py")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "grid.jpg"), ".jpg is not one of .png, .npz, .safetensors"),
        (("-o", "grid"), "a file without a suffix is not one of"),
        (("--weights", "none.safetensors"), "cannot be loaded as weights"),
    ],
)
def test_the_program_refuses_in_one_sentence(run, arguments, message, tmp_path, monkeypatch, capsys) -> None:
    export_run(run, "code", tmp_path / "out")
    with pytest.raises(SystemExit) as ended:
        run_script(tmp_path / "out", monkeypatch, *arguments, name="generate.py")
    assert message in f"{ended.value.code} {capsys.readouterr().err}"


def refusal(run: Path, output: Path, **options) -> EngineError:
    with pytest.raises(EngineError) as caught:
        generate(run, output, **options)
    assert not output.exists()
    return caught.value


def test_what_cannot_be_written_is_a_problem(run: Path, tmp_path: Path) -> None:
    assert "Let its name end in one of .png (a grid of images)" in refusal(run, tmp_path / "grid.jpg").hint
    assert "10,000 at most" in refusal(run, tmp_path / "grid.png", count=10_001).message
    assert "There is no folder" in refusal(tmp_path / "none", tmp_path / "grid.png").message
    missing = refusal(run, tmp_path / "none" / "grid.png")
    assert "write" in missing.message


def test_a_run_that_does_not_generate_says_so(tmp_path: Path) -> None:
    run = train(noisy(epochs=1), tmp_path / "run").folder

    problem = refusal(run, tmp_path / "grid.png")
    assert problem.message == f"The project of {run} does not set how its network generates."
    assert '"generation": {"kind": "FromNoise"}' in problem.hint


def flat() -> Project:
    """A generator of four numbers."""
    project = sampler(epochs=1)
    project.generation = Part("FromNoise", {"output": "numbers"})
    from tests.small_projects import node

    graph = project.graphs["Net"]
    graph.nodes |= {"flat": node("Flatten"), "numbers": node("Output")}
    from engine.graph.model import End, Wire

    graph.wires += [Wire(End("gen", "y"), End("flat", "input")), Wire(End("flat", "output"), End("numbers", "input"))]
    return project


def test_numbers_that_are_no_images_go_into_an_array(tmp_path: Path) -> None:
    run = train(flat(), tmp_path / "run").folder

    problem = refusal(run, tmp_path / "grid.png")
    assert problem.message == "Samples of shape (64,) are not images."
    generate(run, tmp_path / "numbers.npz", count=3)
    assert np.load(tmp_path / "numbers.npz")["samples"].shape == (3, 64)


def test_a_network_without_inputs_cannot_be_asked(run: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        predict(run, tmp_path / "x.png")
    assert caught.value.message == f"The network of {run} takes no data, so there is nothing to ask it about."
    assert "torchloom generate" in caught.value.hint


def test_code_of_the_run_folder_is_not_run(tmp_path: Path) -> None:
    run = train(sampler(epochs=1), tmp_path / "run").folder
    generate(run, tmp_path / "before.png")
    for name in ("step.py", "train.py", "generate.py"):
        (run / name).write_text("raise SystemExit('run')\n")
    generate(run, tmp_path / "after.png")
    assert (tmp_path / "after.png").read_bytes() == (tmp_path / "before.png").read_bytes()

    (run / "model.py").write_text("raise SystemExit('run')\n")
    with pytest.raises(EngineError, match="model"):
        generate(run, tmp_path / "never.png")


def test_the_verb_writes_a_file_and_says_what_is_wrong(run: Path, tmp_path: Path, capsys) -> None:
    grid = tmp_path / "grid.png"
    assert command(["generate", str(run), "--count", "1", "--seed", "2", "-o", str(grid)]) == 0
    assert capsys.readouterr().out == f"{grid}: 1 sample\n"
    assert Image.open(io.BytesIO(grid.read_bytes())).size == (12, 12)
    assert command(["generate", str(run), "-o", str(tmp_path / "grid.jpg")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert command(["generate", str(run), "--count", "0", "-o", str(grid)]) == 2
