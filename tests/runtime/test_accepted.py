"""What check accepts trains, repeats bit for bit outside the app, or ends in one sentence on a node."""

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.check.codes import CODES
from engine.cli import main
from engine.graph.model import Data, Project
from engine.project import file as files
from engine.runs.events import Problem
from engine.runs.summary import summary
from engine.runtime.after_training.export import export_run
from engine.runtime.after_training.trained_network import Which
from engine.runtime.analysis.analyse import check_project
from tests.conftest import is_full
from tests.strategies import projects
from tests.strategies.accepted import accepted
from tests.strategies.small_data import SIZES, write_arrays
from tests.training import EventLog, run_script, train

LONG = settings(
    max_examples=1000 if is_full() else 5,
    phases=[Phase.explicit, Phase.generate],  # a smaller one would be looked for by as many trainings again
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
BY_COMMANDS = settings(LONG, max_examples=100 if is_full() else 2)
LATE = (
    "should be between 0 and 1", "out of bounds", "out of range", "not a finite number",
    "elements of std >= 0", "p_in >= 0",
)  # fmt: skip
"""Problems that only the outputs of a network show, and not its shapes."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data of all projects is, written once."""
    return tmp_path_factory.mktemp("accepted")


@contextmanager
def torch_may_warn() -> Iterator[None]:
    """Ignore torch's warnings about odd values, such as dropout between the layers of one; a run logs them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def is_refused(project: Project, folder: Path) -> bool:
    """Whether check refuses the project, in sentences."""
    errors = check_project(project, folder, training=True).errors
    for problem in errors:
        assert problem.code in CODES
        assert problem.message.endswith(".")
        assert "\n" not in problem.message
    return bool(errors)


@settings(LONG, max_examples=400 if is_full() else 6)
@given(data=st.data())
def test_any_project_is_checked_with_its_data(data: st.DataObject, folder: Path) -> None:
    project = data.draw(projects(odd=True))
    project.main = data.draw(st.sampled_from(list(project.graphs)))
    project.data = Data("Npz", {"path": write_arrays(folder, {role: role for role in SIZES})})
    for node in project.graphs[project.main].of_kind("Input").values():
        node.params = {"field": data.draw(st.sampled_from(list(SIZES)))}
    is_refused(project, folder)


@LONG
@given(data=st.data())
def test_what_check_accepts_trains_and_repeats_bit_for_bit(data: st.DataObject, folder: Path) -> None:
    project = data.draw(accepted(folder))
    if is_refused(project, folder):
        return
    run, events = folder / "run", EventLog()
    shutil.rmtree(run, ignore_errors=True)
    shutil.rmtree(folder / "export", ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch, torch_may_warn():
        outcome = train(project, run, events)
        if outcome.reason == "failed":
            (problem,) = events.of(Problem)
            assert any(reason in problem.message for reason in LATE), problem
            return
        losses = (run / "losses.txt").read_bytes()
        assert losses
        which: Which = "last" if outcome.best_epoch is None else "best"  # the watched figure was never a number
        export_run(run, "code", folder / "export", which=which)
        arguments = ("--data", str(folder / str(project.data.params["path"]))) if "path" in project.data.params else ()
        again = folder / "losses.txt"
        run_script(folder / "export", patch, *arguments, "--losses", str(again), "--weights", str(folder / "best"))
        assert again.read_bytes() == losses


@BY_COMMANDS
@given(data=st.data())
def test_what_check_accepts_goes_through_every_command(
    data: st.DataObject, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = data.draw(accepted(folder))
    path, run, losses = folder / "drawn.loom", folder / "by-commands", folder / "steps.txt"
    for place in (run, folder / "code", folder / "weights.safetensors"):
        shutil.rmtree(place, ignore_errors=True) if place.is_dir() else place.unlink(missing_ok=True)
    files.write(path, project)
    with torch_may_warn():
        is_accepted = main(["check", str(path)]) == 0 and not is_refused(project, folder)
        trained = main(["train", str(path), "--run", str(run), "--losses", str(losses)])
        if not is_accepted:
            assert (trained, run.exists()) == (1, False)
            return
        if trained == 1:
            printed = "".join(capsys.readouterr())
            assert any(reason in printed for reason in LATE)
            return
        assert losses.read_bytes() == (run / "losses.txt").read_bytes()
        which = "last" if summary(run).best_epoch is None else "best"
        for to, place in (("code", folder / "code"), ("safetensors", folder / "weights.safetensors")):
            assert main(["export", str(run), "--to", to, "-o", str(place), "--which", which]) == 0
        assert main(["evaluate", str(run)]) in (0, 1)  # 1 where no part is held out
    assert "Traceback" not in "".join(capsys.readouterr())
