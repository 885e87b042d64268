"""Runs with several losses or phases: all of them in one chart of the live panel."""

from pathlib import Path

import numpy as np
import pytest

from engine.graph.model import Graph, Node, Phase, Project, Training
from engine.project import durable, file
from engine.runs.events import EpochDone, Event, Finished, Started, StepDone, encode
from engine.runs.folder import RunFolder
from gui.runs.charts.loss_lines import LOSSES
from gui.runs.curve_data.history import History
from gui.runs.curve_data.run_losses import RunLosses
from gui.runs.pages.live_panel import LivePanel

WAIT = 60_000


def project(*phases: Phase, losses: tuple[str, ...] = ("real", "fake")) -> Project:
    nodes = {name: Node("MSELoss") for name in losses}
    return Project(graphs={"Net": Graph(nodes)}, training=Training(phases=phases))


TWO = (Phase("critic", ("real",)), Phase("generator", ("fake",)))


def steps(first: int, critic: list[float | None], generator: list[float | None]) -> StepDone:
    totals = tuple(sum(value or 0.0 for value in pair) for pair in zip(critic, generator, strict=True))
    phases = {"critic": tuple(critic), "generator": tuple(generator)}
    return StepDone(first, totals, (first + len(totals)) / 4, 0.1, 100.0, phases)


def events(*, phased: bool = True) -> list[Event]:
    step = steps(1, [1.0, 2.0, 3.0, 4.0], [None, 8.0, None, 6.0])
    metrics = {"train_loss": 3.0, "val_loss": 2.5, "train_real": 1.0, "val_real": 0.75, "train_fake": 2.0}
    return [
        Started({}, "cpu", 1, 4, "hash", epochs=2),
        step if phased else without_phases(step),
        EpochDone(1, metrics, 0.1, step=4),
        Finished("stopped", 1, {}, {}),
    ]


def without_phases(step: StepDone) -> StepDone:
    return StepDone(step.first_step, step.losses, step.epoch, step.lr, step.samples_per_s)


def run_of(path: Path, graph_project: Project, events: list[Event]) -> Path:
    run = RunFolder(path)
    run.checkpoints.mkdir(parents=True)
    file.write(run.project, graph_project)
    durable.replace(run.events, "".join(encode(event) + "\n" for event in events).encode())
    return path


@pytest.fixture
def panel(context, theme, qtbot) -> LivePanel:
    live = LivePanel(context.runs, context.preferences, theme)
    qtbot.addWidget(live)
    live.resize(1300, 260)
    live.show()
    return live


@pytest.fixture
def show(panel, context, qtbot, tmp_path):
    def act(graph_project: Project, events: list[Event]) -> LivePanel:
        run = run_of(tmp_path / "runs" / "net-1", graph_project, events)
        context.runs.inventory.refresh()
        context.runs.current.show_run(run)
        qtbot.waitUntil(lambda: bool(panel.loss.legend.entries), timeout=WAIT)
        qtbot.waitUntil(lambda: context.runs.current.history.is_over, timeout=WAIT)
        return panel

    return act


def names(panel: LivePanel) -> list[str]:
    return [line.name for line in panel.loss.chart.lines]


def test_a_step_in_which_a_phase_did_not_run_is_no_point(tmp_path: Path) -> None:
    history = History(run_of(tmp_path / "run", project(*TWO), []))
    history.add(events())
    assert list(history.phases) == ["critic", "generator"]
    assert list(history.phases["critic"].raw.y) == [1.0, 2.0, 3.0, 4.0]
    assert list(history.phases["generator"].raw.x) == [0.5, 1.0]
    assert list(history.phases["generator"].raw.y) == [8.0, 6.0]


def test_smoothing_is_of_the_phases_too(tmp_path: Path) -> None:
    history = History(run_of(tmp_path / "run", project(*TWO), []), smoothing=0.9)
    history.add(events())
    assert list(history.phases["generator"].smooth.y) != [8.0, 6.0]
    history.set_smoothing(0.0)
    assert list(history.phases["generator"].smooth.y) == [8.0, 6.0]
    assert np.allclose(history.smooth.curve.y, history.loss.y)


def test_all_losses_are_seen_at_once(show, theme) -> None:
    panel = show(project(*TWO), events())
    assert panel.loss.legend.title == "All losses"
    assert names(panel) == ["critic", "generator", "real", "fake"]
    lines = panel.loss.chart.lines
    assert [line.colour for line in lines[:2]] == list(theme.tokens.phases[:2]), "as on the canvas"
    assert [line.dashed for line in lines] == [True, True, False, False]
    assert [entry.text.split()[0] for entry in panel.loss.legend.entries] == names(panel)
    values = dict(entry.text.split() for entry in panel.loss.legend.entries)
    assert values["real"] == "0.750", "of the validation part"
    assert values["fake"] == "2", "of training, where nothing else is known"


def test_names_that_do_not_fit_beside_the_title_have_a_line_of_their_own(show, qtbot) -> None:
    panel = show(project(*TWO), events())
    card = panel.loss
    assert not card.names.isVisible()
    panel.resize(620, 260)
    qtbot.waitUntil(card.names.isVisible)
    assert card.legend.is_title_only
    assert card.names.texts(card.names.width()) == ["critic", "generator", "real", "fake"]
    panel.resize(1300, 260)
    qtbot.waitUntil(lambda: not card.names.isVisible())
    assert not card.legend.is_title_only


def test_where_there_is_little_room_the_names_stay(show) -> None:
    legend = show(project(*TWO), events()).loss.legend
    assert legend.texts(10_000.0)[0].startswith("critic ")
    assert legend.texts(240.0) == ["critic", "generator", "real", "fake"]
    assert legend.texts(225.0) == ["critic", "gener\u2026", "real", "fake"]  # with less room, all are named still
    assert legend.texts(60.0) == ["critic", "generator", "real", "fake"]  # what does not fit is counted at the end
    assert [line.split()[0] for line in legend.toolTip().splitlines()] == ["critic", "generator", "real", "fake"]


def test_several_losses_of_one_phase_are_drawn_with_their_total(show) -> None:
    panel = show(project(), events(phased=False))
    assert names(panel) == ["loss", "real", "fake"]


def test_the_total_is_there_to_be_chosen(show) -> None:
    panel = show(project(*TWO), events())
    panel.charts.menus[panel.loss].activated.emit("loss")
    assert names(panel) == ["train", "validation"]
    panel.charts.menus[panel.loss].activated.emit(LOSSES)
    assert names(panel) == ["critic", "generator", "real", "fake"]


def test_one_loss_is_drawn_as_ever(show) -> None:
    panel = show(project(losses=("real",)), events(phased=False))
    assert names(panel) == ["train", "validation"]


def test_a_loss_is_no_metric_for_the_second_chart(show) -> None:
    run_events = events()
    epoch_done = run_events[2]
    run_events[2] = EpochDone(1, epoch_done.metrics | {"val_accuracy": 0.5}, 0.1, step=4)
    panel = show(project(*TWO), run_events)
    assert panel.score.legend.title == "Accuracy"


def test_a_run_whose_project_cannot_be_read_shows_its_total(show, tmp_path) -> None:
    graph_project = project(*TWO)
    panel = show(graph_project, events())
    durable.replace(RunFolder(tmp_path / "runs" / "net-1").project, b"{")
    history = History(tmp_path / "runs" / "net-1")
    history.add(events())
    assert history.losses == RunLosses()
    assert panel.loss.chart.lines


def test_another_theme_has_its_own_colours(show, theme) -> None:
    panel = show(project(*TWO), events())
    theme.set("light")
    assert panel.loss.chart.lines[0].colour == theme.tokens.phases[0]
