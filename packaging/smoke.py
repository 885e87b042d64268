"""Tries a built app as a person would, by its own program alone: ``python3 packaging/smoke.py [PROGRAM]``.

Without an argument it tries ``dist/torchloom/torchloom``. All that it must leave behind is looked at from
outside; the first thing that is missing is printed, with status 1. It needs no screen. An exported program runs on the
Python of the environment that the app was built in, which holds torch and nothing of Torchloom.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from build import APP
from deb import version_of
from environment import PYTHON, ROOT

PATIENCE_S = 600.0  # a guard against what hangs, not against a busy machine
LOOK_S = 0.1
STEPS, BATCH = 5, 288  # 1,437 training rows make five batches


class Broken(Exception):
    """The app did not do what it should."""


def main() -> int:
    """Try everything; gives the exit status."""
    program = Path(sys.argv[1] if sys.argv[1:] else APP / "torchloom").absolute()
    if not (program.exists() and PYTHON.exists()):
        print(f"smoke.py: {program} or {PYTHON} is missing; run packaging/build.py first", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="torchloom-smoke-") as folder:
        trial = Trial(program, Path(folder))
        try:
            for step in trial.steps():
                start = time.monotonic()
                step()
                print(f"  {step.__name__.replace('_', ' '):26} {time.monotonic() - start:6.1f} s", flush=True)
        except (Broken, subprocess.TimeoutExpired) as error:
            print(f"smoke.py: {program}: {error}", file=sys.stderr)
            return 1
    print(f"{program} works")
    return 0


class Trial:
    """One program, tried in a folder of its own."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.project = folder / "drawn here.loom"  # with a space, as people have them
        self.run, self.exported = Path(), folder / "exported"
        # What a program started from a menu has, and no more: nothing of any Python may help it.
        self.variables = {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "TORCHLOOM_HOME": str(folder / "home"),
        }
        self.variables |= {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}

    def steps(self) -> tuple[Callable[[], None], ...]:
        """What is tried, in this order."""
        inside = (self.names_itself, self.examines, self.draws_trains_exports, self.exported_code_runs)
        return (*inside, self.works_in_the_terminal, self.refuses, self.opens_what_it_is_given, self.is_gone)

    def names_itself(self) -> None:
        """Its version is the source's, and its templates are there."""
        expect(self.output_of("--version"), f"torchloom {version_of(ROOT / 'engine' / '__init__.py')}\n", "the version")
        rows = json.loads((ROOT / "resources/templates/index.json").read_text(encoding="utf-8"))
        names = [line.split()[0] for line in self.output_of("templates").splitlines()]
        expect(names, [row["name"] for row in rows], "the templates")

    def examines(self) -> None:
        """Every part that ``doctor`` looks at works: packages, shipped data, torch."""
        findings = json.loads(self.output_of("doctor", "--json"))
        bad = [f"{each['name']}: {each['text']}" for each in findings if each["state"] == "bad"]
        expect(bad, [], "what doctor finds")
        expect({"packages", "shipped data", "training"} <= {each["name"] for each in findings}, True, "that it looked")

    def draws_trains_exports(self) -> None:
        """Its window opens a project, draws a layer, trains five steps in its worker and exports the run."""
        self.output_of("new", "digits-mlp", "-o", str(self.project))
        shorten(self.project)
        picture = self.folder / "window.png"
        answer = json.loads(
            self.output_of("-m", "selftest", str(self.project), str(self.exported), str(picture)).splitlines()[-1]
        )
        expect(answer["opened"], str(self.project), "the project that was opened")
        expect((answer["frozen"], answer["torch_in_window"]), (True, False), "(built, torch in the window)")
        expect("torch" in answer["worker"], True, "that the analysis worker named torch")
        self.see_drawing(answer["drawn"])
        self.run = Path(answer["run"])
        self.see_run(self.run)
        expect(picture.read_bytes()[:8], b"\x89PNG\r\n\x1a\n", "the picture's first bytes")
        expect(picture.stat().st_size > 20_000, True, "that the picture shows something")
        model = (self.exported / "model.py").read_text(encoding="utf-8")
        expect(f"self.{answer['drawn']} = nn.GELU(" in model, True, "that what was drawn is in the exported model.py")
        expect(model, (self.run / "model.py").read_text(encoding="utf-8"), "the exported model.py")

    def see_drawing(self, name: str) -> None:
        """The file on disk holds the new layer, inserted where there was a wire."""
        graph = json.loads(self.project.read_text(encoding="utf-8"))["graphs"]["Net"]
        expect(graph["nodes"].get(name, {}).get("kind"), "GELU", f"the kind of {name} in the file")
        wires = {" ".join(wire[:2]) for wire in graph["wires"]}
        new_wires = {f"act1.output {name}.input", f"{name}.output drop.input"}
        expect((new_wires - wires, "act1.output drop.input" in wires), (set(), False), f"the wires of {name}")

    def see_run(self, run: Path) -> None:
        """A run folder tells of five steps, and of a training that came to its end."""
        events = [json.loads(line) for line in (run / "events.jsonl").read_text(encoding="utf-8").splitlines()]
        losses = [loss for event in events if event["event"] == "StepDone" for loss in event["losses"]]
        expect(len(losses), STEPS, f"the steps in {run.name}")
        expect((events[-1]["event"], events[-1].get("reason")), ("Finished", "completed"), f"the end of {run.name}")
        expect(len((run / "losses.txt").read_text().split()), STEPS, f"the losses in {run.name}")

    def exported_code_runs(self) -> None:
        """What was exported repeats the run's losses bit for bit, on a Python without Torchloom."""
        names = {"model.py", "train.py", "predict.py", "weights.safetensors", "data"}
        expect(names - {path.name for path in self.exported.iterdir()}, set(), "what is missing in the export")
        clean = [str(PYTHON), "-E", "-s"]
        look = "import importlib.util as u; print([n for n in ('engine', 'gui', 'resources') if u.find_spec(n)])"
        expect(self.done([*clean, "-c", look], cwd=self.exported).stdout, "[]\n", "what that Python knows of Torchloom")
        losses = self.folder / "again.txt"
        self.done([*clean, "train.py", "--losses", str(losses)], cwd=self.exported)
        expect(losses.read_text(), (self.run / "losses.txt").read_text(), "the exported program's losses")

    def works_in_the_terminal(self) -> None:
        """The same program is the command line: check, train, resume, evaluate, export."""
        checked = json.loads(self.output_of("check", str(self.project), "--json"))
        expect((checked["ok"], checked["nodes"]["head"]["outputs"]["output"]), (True, ["N", 10]), "what check says")
        run, weights = self.folder / "run", self.folder / "weights.safetensors"
        self.output_of("train", str(self.project), "--run", str(run), "--threads", "1")
        self.see_run(run)
        self.output_of("resume", str(run), "--epochs", "2")
        expect(len((run / "losses.txt").read_text().split()), 2 * STEPS, "the losses after going on")
        expect(0 < json.loads(self.output_of("evaluate", str(run), "--json"))["accuracy"] <= 1, True, "the accuracy")
        self.output_of("export", str(run), "--to", "safetensors", "-o", str(weights))
        header = json.loads(weights.read_bytes()[8 : 8 + int.from_bytes(weights.read_bytes()[:8], "little")])
        expect(header["head.weight"]["shape"], [10, 128], "the exported weights of head")

    def refuses(self) -> None:
        """A problem is printed in one line, with status 1."""
        broken = self.folder / "broken.loom"
        broken.write_text('{"format": "torchloom", ')
        done = self.started(["check", str(broken)])
        expect((done.returncode, len(done.stderr.splitlines())), (1, 1), f"how a broken file is refused: {done.stderr}")
        done = self.started(["-m", "http.server"])
        expect(done.returncode, 2, "the status for a module that is none of ours")

    def opens_what_it_is_given(self) -> None:
        """``torchloom FILE``, as a file manager calls it, opens a window with a worker, and ends when asked to."""
        home = self.folder / "another home"  # nobody has opened anything there
        variables = self.variables | {"TORCHLOOM_HOME": str(home)}
        process = subprocess.Popen([self.program, str(self.project)], env=variables, cwd="/")
        try:
            until(lambda: any("engine.runtime.worker" in line for line in children(process.pid)), process)
            until((home / "state/window.json").is_file, process)
            process.send_signal(signal.SIGTERM)
            expect(process.wait(PATIENCE_S), 0, "the status of a window that was asked to end")
        finally:
            process.kill()
            process.wait()
        state = json.loads((home / "state/window.json").read_text(encoding="utf-8"))
        expect(state["recent"][:1], [str(self.project)], "the file that was opened last")

    def is_gone(self) -> None:
        """No process of the app is left."""
        real = self.program.resolve()
        until(lambda: real not in set(programs()), None)

    def output_of(self, *arguments: str) -> str:
        """What the app prints. Raises: `Broken` when it fails."""
        return self.done([str(self.program), *arguments]).stdout

    def done(self, command: list[str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        done = self.started(command, cwd)
        if done.returncode or "Traceback" in done.stderr:
            raise Broken(f"{' '.join(command)} ended with {done.returncode} and said\n{done.stdout}{done.stderr}")
        return done

    def started(self, command: list[str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; one of our verbs where no program is named."""
        command = command if Path(command[0]).is_absolute() else [str(self.program), *command]
        return subprocess.run(
            command,
            env=self.variables,
            cwd=cwd or self.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=PATIENCE_S,
        )


def shorten(project: Path) -> None:
    """Have a project train one epoch of five steps."""
    content: dict[str, Any] = json.loads(project.read_text(encoding="utf-8"))
    content["training"] |= {"epochs": 1, "batch_size": BATCH, "threads": 1}
    project.write_text(json.dumps(content), encoding="utf-8")


def expect(value: object, expected: object, what: str) -> None:
    """Raises: `Broken` when something is not as it must be."""
    if value != expected:
        raise Broken(f"{what}: {expected!r} was expected, found {value!r}")


def until(is_so: Callable[[], bool], process: subprocess.Popen[bytes] | None) -> None:
    """Wait for something that a process brings about. Raises: `Broken`."""
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if process is not None and process.poll() is not None:
            raise Broken(f"it ended with status {process.returncode} before it was asked to")
        if time.monotonic() > end:
            raise Broken(f"it was waited for in vain for {PATIENCE_S:.0f} s")
        time.sleep(LOOK_S)


def children(pid: int) -> Iterator[str]:
    """The command lines of the processes that a process has started."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            try:
                yield Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
            except OSError:
                continue


def programs() -> Iterator[Path]:
    """The programs of all processes that may be seen."""
    for link in Path("/proc").glob("[0-9]*/exe"):
        try:
            yield link.readlink()
        except OSError:
            continue


if __name__ == "__main__":
    sys.exit(main())
