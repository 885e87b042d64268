"""Training in phases against a loop that is written by hand."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.graph.model import Clip, Part, Phase, Project, SchedulePart
from engine.graph.off import OFF
from tests.gan import CRITIC, GENERATOR, adversarial
from tests.repeating import repeated
from tests.training import template, train


def test_a_run_is_what_a_loop_written_by_hand_gives(tmp_path: Path) -> None:
    """Against the textbook: one optimizer each, the critic twice a batch, the generator every third."""
    critic = replace(CRITIC, optimizer=Part("SGD", {"lr": 0.1}), times=2, clip=Clip("norm", 0.5))
    generator = replace(GENERATOR, optimizer=Part("Adam", {"lr": 0.01}), every=3)
    run = train(adversarial((critic, generator), epochs=1), tmp_path / "run").folder
    expected = by_hand(adversarial((critic, generator), epochs=1), tmp_path)
    assert (run / "losses.txt").read_text().split() == [loss.hex() for loss in expected]


def test_what_a_phase_does_without_is_as_if_the_training_had_it_not(tmp_path: Path, monkeypatch) -> None:
    moves, clip = SchedulePart("StepLR", {"step_size": 2}, every="step"), Clip("norm", 0.01)
    generator = replace(GENERATOR, optimizer=Part("Adam", {"lr": 0.01}))
    off = adversarial((replace(CRITIC, schedule=OFF, clip=OFF), generator), epochs=2, schedule=moves, clip=clip)
    own = adversarial((CRITIC, replace(generator, schedule=moves, clip=clip)), epochs=2)
    runs = [train(project, tmp_path / name).folder for name, project in (("off", off), ("own", own))]
    assert len({(run / "losses.txt").read_text() for run in runs}) == 1
    repeated(runs[0], tmp_path / "out", monkeypatch)


def by_hand(project: Project, base: Path) -> list[float]:
    from engine.runtime.load import load_model
    from engine.runtime.training.create import make_loader
    from engine.runtime.training_setup.prepare import prepare

    prepared = prepare(project, base)
    model = load_model(prepared.source.text, project, base / "model.py")
    torch.manual_seed(project.training.seed)
    net: Any = model.network()
    for_critic = torch.optim.SGD(net.critic.parameters(), lr=0.1)
    for_generator = torch.optim.Adam(net.gen.parameters(), lr=0.01)
    losses = []
    for step, batch in enumerate(make_loader(prepared, model, torch.device("cpu")).batches(0), 1):
        for _ in range(2):
            outputs = net(features=batch["features"], phase="critic")
            critic = model.losses(outputs, batch, phase="critic")["total"]
            for_critic.zero_grad()
            critic.backward()
            torch.nn.utils.clip_grad_norm_(net.critic.parameters(), 0.5)
            for_critic.step()
        total = critic
        if step % 3 == 0:
            outputs = net(features=batch["features"], phase="generator")
            fooled = model.losses(outputs, batch, phase="generator")["total"]
            for_generator.zero_grad()
            fooled.backward()
            for_generator.step()
            total = critic + fooled
        losses.append(total.item())
    return losses


@pytest.mark.parametrize(
    "optimizer", [Part("AdamW"), Part("SGD", {"lr": 0.1, "momentum": 0.5}), Part("Adagrad")], ids=str
)
def test_one_phase_with_all_losses_is_training_without_phases(optimizer: Part, tmp_path: Path) -> None:
    schedule = SchedulePart("OneCycleLR", {"max_lr": 0.01, "cycle_momentum": False})
    project = template("iris-mlp", optimizer=optimizer, schedule=schedule, l2=1e-3)
    plain = train(project, tmp_path / "plain").folder
    project.training = replace(project.training, phases=(Phase("all", ("loss",)),))
    run = train(project, tmp_path / "listed").folder
    assert (run / "losses.txt").read_text() == (plain / "losses.txt").read_text()
