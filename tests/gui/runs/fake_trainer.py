"""A trainer without torch with the same command line: makes a run folder, and records steps and epochs.

Its environment selects the behaviour: TRAINER=well, deaf, mute, refuse, fault, short, swept, stuck; and STEPS_S between
steps.
"""

import math
import os
import signal
import sys
import time
from pathlib import Path

from engine.project import durable, file
from engine.runs import index
from engine.runs.desired import Desired, read_desired, write_desired
from engine.runs.events import (
    CheckpointSaved,
    Confusion,
    Continued,
    EpochDone,
    Finished,
    GradientNorms,
    Paused,
    Predictions,
    Resumed,
    Started,
    StepDone,
    encode,
)
from engine.runs.folder import RunFolder

MODE = os.environ.get("TRAINER", "well")
PAUSE_S = float(os.environ.get("STEPS_S", "0.02"))
PER_EPOCH = 4


class Trainer:
    def __init__(self, run: RunFolder, epochs: int) -> None:
        self.run, self.epochs, self.began = run, epochs, time.monotonic()
        self.events = durable.Appender(run.events)

    def tell(self, event: object) -> None:
        line = encode(event).replace('"t_s":0.0', f'"t_s":{time.monotonic() - self.began:.3f}')
        self.events.write(line.encode() + b"\n")

    def train(self, step: int) -> None:
        stopped = False
        while step < self.epochs * PER_EPOCH and not stopped:
            step += 1
            loss = 2 * math.exp(-step / 20)
            self.tell(StepDone(step, (loss,), step / PER_EPOCH, 0.1 if step < 6 else 0.01, 1000.0))
            self.tell(GradientNorms({"conv1": 1.0, "fc1": 2.0, "head": 4.0}, step=step))
            if step % PER_EPOCH == 0:
                self.epoch(step // PER_EPOCH, loss, step)
            if MODE == "mute":
                self.events.close()
                time.sleep(3600)
            time.sleep(PAUSE_S)
            stopped = self.follow_request(step)
        metrics = {"train_loss": 0.1, "val_loss": 0.2, "val_accuracy": 0.9}
        reason = "stopped" if stopped else "completed"
        self.tell(Finished(reason, step // PER_EPOCH, metrics, metrics, best_epoch=1, step=step, seconds=1.0))

    def epoch(self, epoch: int, loss: float, step: int) -> None:
        share = 1 - 1 / (1 + epoch)
        metrics = {"train_loss": loss, "train_accuracy": share, "val_loss": loss + 0.1, "val_accuracy": share / 2}
        self.tell(EpochDone(epoch, metrics, 0.1, step=step))
        self.tell(Confusion(((8, 2), (1, 9)), ("cat", "dog"), epoch=epoch))
        self.tell(Predictions((3, 5), (0, 1), ((0.9, 0.1), (0.6, 0.4)), epoch=epoch))
        self.tell(CheckpointSaved(step, best=epoch == 1))

    def follow_request(self, step: int) -> bool:
        if MODE == "deaf":
            return False
        request = read_desired(self.run.desired).state
        if request == "pause":
            self.tell(Paused(step))
            while (request := read_desired(self.run.desired).state) == "pause":
                time.sleep(0.02)
            if request == "run":
                self.tell(Continued(step))
        return request == "stop"


def fill(folder: Path, project: Path, epochs: int) -> None:
    run = RunFolder(folder)
    if MODE == "stuck":
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
    file.write(run.project, file.read(project))
    if MODE == "stuck":
        time.sleep(3600)
    run.checkpoints.mkdir()
    write_desired(run.desired, Desired())
    durable.replace(run.log, b"")
    rows = {"training": 80, "validation": 20}
    started = Started({}, "cpu", 1, PER_EPOCH, "hash", epochs=epochs, parameters=7, rows=rows, seed=3, batch_size=20)
    now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    durable.replace(run.events, encode(started).replace('"started_at":""', f'"started_at":"{now}"').encode() + b"\n")


def main(arguments: list[str]) -> int:
    if MODE == "refuse":
        sys.stderr.write("error S012 head.input: Linear wants 7 features, gets 64. Set in_features.\n")
        return 1
    if MODE == "short":
        sys.stderr.write("torchloom: This machine has not enough memory for that.\n")
        return 1
    if MODE == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if MODE == "swept":  # as if its folder had been there between two looks
        run = RunFolder(Path(arguments[3]))
        index.remember(run.path)
        sys.stderr.write(f"torchloom: {run.removal_problem()}\n")
        return 1
    if arguments[0] == "train":
        project = Path(arguments[1])
        epochs = file.read(project).training.epochs
        run = RunFolder.create(Path(arguments[3]), lambda folder: fill(folder, project, epochs))
        index.remember(run.path)
        first = 0
    else:
        run, first = RunFolder(Path(arguments[1])), PER_EPOCH
        epochs = int(arguments[3]) if "--epochs" in arguments else file.read(run.project).training.epochs
        write_desired(run.desired, Desired())
    with run.hold():
        sys.stdout.write("trains\n")
        sys.stdout.flush()
        if MODE == "fault":
            raise ZeroDivisionError("a fault of our own")
        trainer = Trainer(run, epochs)
        if first:
            trainer.tell(Resumed(first, epochs))
        trainer.train(first)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
