from dataclasses import replace

import pytest

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES
from engine.check.data import field_problems
from engine.check.no_effect import of_early_stop, of_schedules
from engine.check.rules import instant_problems, settings_problems
from engine.graph.edits import SetTraining
from engine.graph.model import Best, Clip, Data, EarlyStop, Part, Project, SchedulePart, Split, Training
from engine.graph.watched_metrics import metric_names
from tests.small_projects import classifier, node


def trained(**changes: object) -> Project:
    """A sound network with other training settings."""
    return replace(classifier(), training=replace(Training(), **changes))


def with_data(**changes: object) -> Project:
    """A sound network with other data."""
    return replace(classifier(), data=replace(Data(), **changes))


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"epochs": 0}, "T002", "from 1 to"),
        ({"epochs": -3}, "T002", "got -3"),
        ({"epochs": 2.5}, "T002", "whole number"),
        ({"batch_size": 0}, "T002", "batch_size"),
        ({"seed": -1}, "T002", "seed"),
        ({"seed": 2**64}, "T002", "seed"),
        ({"threads": 0}, "T002", "threads"),
        ({"l1": -0.1}, "T002", "l1"),
        ({"l2": float("nan")}, "T002", "nan"),
        ({"clip": Clip("norm", 0.0)}, "T002", "clip.at"),
        ({"clip": Clip("norm", float("inf"))}, "T002", "clip.at"),
        ({"early_stop": EarlyStop(patience=0)}, "T002", "patience"),
        ({"early_stop": EarlyStop(min_delta=-1.0)}, "T002", "min_delta"),
        ({"early_stop": EarlyStop(watch="val_los")}, "T005", "val_los"),
        ({"best": Best("val_acuracy")}, "T005", "val_acuracy"),
        ({"device": "gpu"}, "T006", "gpu"),
        ({"device": "cuda:-1"}, "T006", "cuda:-1"),
        ({"optimizer": Part("Adm")}, "T003", "Adm"),
        ({"optimizer": Part("Adam", {"lrr": 1.0})}, "T004", "lrr"),
        ({"optimizer": Part("Adam", {"lr": -1.0})}, "T002", "lr"),
        ({"optimizer": Part("Adam", {"betas": (0.9, 1.0)})}, "T002", "betas"),
        ({"optimizer": Part("SGD", {"nesterov": True})}, "T008", "momentum"),
        ({"schedule": SchedulePart("StpLR")}, "T003", "StpLR"),
        ({"schedule": SchedulePart("StepLR", {"step_size": 0})}, "T002", "step_size"),
        ({"schedule": SchedulePart("StepLR", {"steps": 3})}, "T004", "steps"),
        ({"schedule": SchedulePart("ReduceLROnPlateau", every="step")}, "T007", "once an epoch"),
        ({"optimizer": Part("Adagrad"), "schedule": SchedulePart("OneCycleLR")}, "T008", "cycle_momentum"),
        (
            {"optimizer": Part("RMSprop"), "schedule": SchedulePart("OneCycleLR", {"max_momentum": 0.0})},
            "T008",
            "max_momentum",
        ),
    ],
)
def test_a_wrong_training_setting_is_reported(changes: dict[str, object], code: str, says: str):
    problems = settings_problems(trained(**changes))
    assert [problem.code for problem in problems] == [code], problems
    assert says in problems[0].message


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "cuda:1", "cuda:12"])
def test_a_device_is_named_as_torch_names_it(device: str):
    assert settings_problems(trained(device=device)) == ()


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer_is_sound_as_declared(kind: str):
    assert settings_problems(trained(optimizer=Part(kind))) == ()


@pytest.mark.parametrize("kind", SCHEDULES)
def test_every_schedule_is_sound_as_declared(kind: str):
    assert settings_problems(trained(schedule=SchedulePart(kind))) == ()


def test_the_nearest_optimizer_is_suggested_for_an_unknown_one():
    assert settings_problems(trained(optimizer=Part("adam")))[0].hint == "Did you mean Adam?"


def test_a_fix_of_the_training_removes_the_problem():
    project = trained(epochs=0)
    fix = settings_problems(project)[0].fix
    assert fix is not None
    assert isinstance(fix.edit, SetTraining)
    fix.edit.apply(project)
    assert settings_problems(project) == ()


def test_validation_metrics_need_samples_that_are_held_out():
    project = replace(trained(early_stop=EarlyStop(watch="val_loss")), data=Data(split=Split(validation=0.0)))
    problems = settings_problems(project)
    assert [problem.code for problem in problems] == ["T005"]
    assert "held out" in problems[0].hint


def test_the_metrics_of_a_run_are_the_losses_and_the_metrics_of_the_graph():
    assert metric_names(classifier()) == ("train_loss", "train_accuracy", "val_loss", "val_accuracy")
    project = classifier()
    project.graphs["Net"].nodes |= {"top": node("TopKAccuracy"), "extra": node("MSELoss")}
    assert metric_names(project) == (
        "train_loss", "train_top", "train_extra", "val_loss", "val_top", "val_extra",
    )  # fmt: skip
    assert settings_problems(replace(project, training=Training(best=Best("val_top")))) == ()


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"kind": "Digit"}, "D101", "Digit"),
        ({"params": {"rows": 3}}, "D102", "rows"),
        ({"kind": "TwoSpirals", "params": {"rows": -3}}, "D103", "-3"),
        ({"kind": "Csv", "params": {"path": "x.csv"}}, "D108", "target"),
        ({"split": Split(validation=1.0)}, "D104", "1.0"),
        ({"split": Split(validation=-0.1)}, "D104", "-0.1"),
        ({"split": Split(validation=float("nan"))}, "D104", "nan"),
        ({"split": Split(validation=0.6, test=0.5)}, "D104", "none to train on"),
        ({"split": Split(seed=-1)}, "D104", "seed"),
        ({"transforms": (Part("Normalise", {"field": "image"}),)}, "D105", "Normalise"),
        ({"transforms": (Part("Normalize", {"fild": "image"}),)}, "D109", "fild"),
        ({"transforms": (Part("RandomHorizontalFlip", {"p": 2.0}),)}, "D109", "p"),
    ],
)
def test_a_wrong_data_setting_is_reported(changes: dict[str, object], code: str, says: str):
    problems = settings_problems(with_data(**changes))
    assert [problem.code for problem in problems] == [code], problems
    assert says in problems[0].message


def test_an_input_reads_a_field_that_is_there():
    project = classifier()
    project.graphs["Net"].nodes["image"].params["field"] = "imag"
    (problem,) = field_problems(project, ("image", "label"))
    assert (problem.code, problem.node, problem.hint) == ("D107", "image", "Did you mean image?")
    assert problem.fix is not None
    problem.fix.edit.apply(project)
    assert list(field_problems(project, ("image", "label"))) == []


@pytest.mark.parametrize(
    ("node", "names", "best"),
    [
        ("image", ("features", "label"), "features"),
        ("image", ("pixels", "depth", "label"), ""),
        ("label", ("image", "target"), "target"),
        ("label", ("image", "label", "target"), ""),
        ("label", ("image", "y"), "y"),
        ("label", ("image",), ""),
        ("image", ("label",), ""),
        ("image", (), ""),
    ],
)
def test_the_only_field_that_fits_is_suggested_for_an_input(node: str, names: tuple[str, ...], best: str):
    project = classifier()
    project.graphs["Net"].nodes[node].params["field"] = "qqqqqq"
    problem = next(each for each in field_problems(project, names) if each.node == node)
    if not best:
        assert problem.fix is None
        assert problem.hint == "Choose one of these as its field."
        return
    assert problem.hint == f"{best} is the only field that fits."
    assert problem.fix is not None
    assert problem.fix.label == f"Read {best}"
    problem.fix.edit.apply(project)
    assert node not in [each.node for each in field_problems(project, names)]


def test_a_transform_changes_a_field_that_is_there():
    project = with_data(transforms=(Part("Normalize", {"field": "pixels"}),))
    (problem,) = field_problems(project, ("image", "label"))
    assert problem.code == "D106"
    assert "image, label" in problem.message


@pytest.mark.parametrize(
    ("changes", "says", "without"),
    [
        (
            {"optimizer": Part("AdamW", {"lr": 1e9}), "schedule": SchedulePart("OneCycleLR", {"max_lr": 0.02})},
            "lr = 1000000000.0 has no effect: OneCycleLR sets it, up to max_lr = 0.02.",
            Part("AdamW"),
        ),
        (
            {"optimizer": Part("AdamW", {"lr": 0.0}), "schedule": SchedulePart("OneCycleLR")},  # no legal peak
            "lr = 0.0 has no effect",
            Part("AdamW"),
        ),
        (
            {"optimizer": Part("SGD", {"momentum": 0.5}), "schedule": SchedulePart("OneCycleLR")},
            "momentum = 0.5 has no effect: OneCycleLR sets it, from 0.95 to 0.85 and back.",
            Part("SGD"),
        ),
        (
            {"optimizer": Part("Adam", {"betas": (0.5, 0.999)}), "schedule": SchedulePart("OneCycleLR")},
            "not all of betas = (0.5, 0.999) has an effect: OneCycleLR sets the first of them",
            Part("Adam"),
        ),
        ({"optimizer": Part("SGD", {"dampening": 0.5})}, "dampening = 0.5 has no effect: there is no", Part("SGD")),
    ],
)
def test_a_warning_names_a_value_without_effect_and_the_reason(changes, says: str, without: Part) -> None:
    (problems,) = settings_problems(trained(**changes))
    assert (problems.code, problems.severity) == ("T011", "warning")
    assert says in problems.message
    assert isinstance(problems.fix.edit, SetTraining)
    assert problems.fix.edit.training.optimizer == without
    schedule = changes.get("schedule")
    if "lr = 1" in says:  # the value moves to the schedule
        assert problems.fix.label == "Set max_lr to 1000000000.0"
        schedule = replace(schedule, params={"max_lr": 1e9})
    assert problems.fix.edit.training.schedule == schedule
    assert not settings_problems(trained(optimizer=without, schedule=schedule))


@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": Part("AdamW", {"lr": 0.5})},
        {"optimizer": Part("AdamW", {"lr": 0.001}), "schedule": SchedulePart("OneCycleLR")},  # the default: no choice
        {"optimizer": Part("AdamW", {"lr": 0.5}), "schedule": SchedulePart("StepLR")},
        {"optimizer": Part("Adam", {"betas": (0.9, 0.9)}), "schedule": SchedulePart("OneCycleLR")},
        {"optimizer": Part("SGD", {"dampening": 0.5}), "schedule": SchedulePart("OneCycleLR")},  # which brings momentum
        {
            "optimizer": Part("SGD", {"momentum": 0.5}),
            "schedule": SchedulePart("OneCycleLR", {"cycle_momentum": False}),
        },
    ],
)
def test_a_value_with_an_effect_has_no_warning(changes) -> None:
    assert not settings_problems(trained(**changes))


def test_illegal_values_do_not_stop_the_search_for_idle_ones() -> None:
    schedule = SchedulePart("OneCycleLR", {"max_lr": "much", "base_momentum": None, "pct_start": (1, (2,))})
    problems = settings_problems(trained(optimizer=Part("SGD", {"lr": "x", "momentum": (0, 0)}), schedule=schedule))
    assert {"T002", "T011"} == {each.code for each in problems}
    stop = trained(schedule=SchedulePart("ReduceLROnPlateau", {"patience": "long"}), early_stop=EarlyStop(patience="x"))
    assert of_schedules(stop.training.schedule, 20) == [{}]
    assert of_early_stop(stop.training) == {}


def test_each_schedule_of_a_list_has_the_epochs_until_the_next() -> None:
    def waits(patience: int, epochs: int | None) -> SchedulePart:
        return SchedulePart("ReduceLROnPlateau", {"patience": patience}, epochs=epochs)

    def reasons(*parts: SchedulePart) -> list[str]:
        effects = of_schedules(SchedulePart.of_parts(parts), 20)
        return [each["patience"].why if "patience" in each else "" for each in effects]

    early = "the next schedule follows after 5 epochs"
    assert reasons(waits(3, 5), waits(12, None)) == [early, ""]
    assert reasons(waits(2, 5), waits(13, None)) == ["", "training ends after epoch 20"]
    assert reasons(waits(2, 30), waits(1, None)) == ["", ""]
    assert of_schedules(None, 20) == []


def test_a_value_of_a_layer_without_effect_has_a_warning() -> None:
    project = classifier()
    project.graphs["Net"].nodes["conv"] = node("Conv2d", padding=(0, 0), padding_mode="reflect")
    problems = [each for each in instant_problems(project) if each.code == "P005"]
    assert [(each.node, each.severity) for each in problems] == [("conv", "warning")]
    assert "padding_mode = 'reflect' has no effect: no border is added." in problems[0].message
    problems[0].fix.edit.apply(project)
    assert "padding_mode" not in project.graphs["Net"].nodes["conv"].params
    assert not [each for each in instant_problems(project) if each.code == "P005"]


def test_a_schedule_that_waits_for_an_error_to_rise_has_a_warning() -> None:
    rising = SchedulePart("ReduceLROnPlateau", {"mode": "max", "patience": 3})
    project = trained(schedule=rising)
    assert not settings_problems(project)  # it watches the accuracy
    project.training = replace(project.training, best=Best("val_loss"))
    (problems,) = settings_problems(project)
    assert (problems.code, problems.severity) == ("T013", "warning")
    assert "waits for a rise of val_loss" in problems.message
    problems.fix.edit.apply(project)
    assert project.training.schedule == replace(rising, params={"mode": "min", "patience": 3})
    assert not settings_problems(project)


def test_the_direction_is_not_checked_without_a_metric() -> None:
    training = replace(Training(), schedule=SchedulePart("ReduceLROnPlateau", {"mode": "max"}))
    assert not settings_problems(Project(training=training))
    assert not settings_problems(Project(main="gone", training=training))
    unknown = settings_problems(replace(trained(), training=replace(training, best=Best("val_los"))))
    assert [each.code for each in unknown] == ["T005"]
