"""The HTTP service of a network, asked by the examples that it prints, by programs and by other sites."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.cli import main
from tests.project_files import ROOT
from tests.training import template, train

pytest.importorskip("fastapi", reason="the extra serve is not installed")
pytest.importorskip("uvicorn", reason="the extra serve is not installed")
MIB = 1 << 20


class Service:
    """``torchloom serve`` in a process of its own; ``text``: what it printed before it answered."""

    def __init__(self, run: Path) -> None:
        command = [sys.executable, "-m", "engine", "serve", str(run), "--port", "0"]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        lines = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("print("):
                break
        self.text = "".join(lines)
        assert lines, self.process.communicate()[1]
        self.url = lines[0].split(" answers at ")[1].split()[0]
        self.port = int(self.url.rpartition(":")[2])

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request(method, path, body, {name.title(): value for name, value in headers.items()})
        response = link.getresponse()
        result = response.status, response.read()
        link.close()
        return result

    def end(self) -> tuple[int, str]:
        """The exit code after Ctrl+C, and what is on stderr."""
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors


@pytest.fixture(scope="module")
def services(tmp_path_factory) -> Iterator[dict[str, Service]]:
    place = tmp_path_factory.mktemp("runs")
    running = {}
    for name in ("iris-mlp", "digits-mlp"):
        running[name] = Service(train(template(name, epochs=2), place / name).folder)
    yield running
    for service in running.values():
        service.process.kill()
        service.process.communicate()


def example(text: str, title: str) -> str:
    """The example below a title."""
    return text.split(f"{title}\n\n")[1].split("\n\nWith ", maxsplit=1)[0]


@pytest.mark.parametrize("name", ["iris-mlp", "digits-mlp"])
def test_the_examples_work_when_they_are_copied(services, name: str) -> None:
    service = services[name]
    python = subprocess.run(
        [sys.executable, "-c", example(service.text, "With Python:")], capture_output=True, text=True, check=True
    )
    assert "'label'" in python.stdout
    if shutil.which("curl"):
        curl = example(service.text, "With curl:")
        answer = subprocess.run(curl, shell=True, capture_output=True, text=True, check=True)  # noqa: S602 (as copied)
        assert json.loads(answer.stdout)["answers"][0]["label"] in python.stdout


def test_the_service_describes_the_network_and_has_a_page(services) -> None:
    status, body = services["iris-mlp"].send("GET", "/network")
    assert status == 200
    (entry,) = json.loads(body)["inputs"]
    assert entry["columns"][0]["name"] == "sepal length (cm)"
    status, page = services["iris-mlp"].send("GET", "/")
    assert status == 200
    assert b"<canvas" in page or b'"canvas"' in page
    assert b"http://" not in page.replace(b"http://www.w3.org", b"")  # nothing is loaded from elsewhere
    assert services["iris-mlp"].send("GET", "/docs")[0] == 404


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a question"),
        (b"{}", "has no values"),
        (b'{"fields": {"features": {"sepal length (cm)": 5}}}', "lacks sepal width (cm)"),
        (b'{"fields": {"image": 1}}', "does not take"),
        (b'{"file": "/etc/passwd"}', "cannot ask about a file"),
        (b'{"part": "all"}', "not a question"),
    ],
)
def test_a_bad_request_is_answered_in_a_sentence(services, body: bytes, reason: str) -> None:
    status, text = services["iris-mlp"].send("POST", "/ask", body)
    assert status == 400
    problem = json.loads(text)["problem"]
    assert reason in problem["message"]
    assert problem["hint"]


def test_a_question_that_is_too_large_is_refused(services) -> None:
    status, text = services["iris-mlp"].send("POST", "/ask", b" " * (16 * MIB + 1))
    assert status == 413
    assert "16 MiB" in json.loads(text)["problem"]["message"]
    assert services["iris-mlp"].send("GET", "/network")[0] == 200


def test_pages_of_other_sites_are_not_answered(services) -> None:
    service = services["iris-mlp"]
    assert service.send("POST", "/ask", b"{}", origin="http://example.org")[0] == 403
    assert service.send("GET", "/network", host="example.org:80")[0] == 403
    assert service.send("POST", "/ask", b"{}", origin=service.url)[0] == 400


def test_only_this_machine_reaches_the_service(services) -> None:
    names = {each[4][0] for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in names - {"127.0.0.1", "127.0.1.1"}:
        with pytest.raises(OSError, match=r"."), socket.create_connection((address, services["iris-mlp"].port), 2):
            pass


def test_ctrl_c_ends_it_without_a_word(services) -> None:
    code, errors = services.pop("digits-mlp").end()
    assert code == 130
    assert errors == ""


def test_a_port_in_use_is_named(services, tmp_path: Path, capfd) -> None:
    service = services["iris-mlp"]
    run = Path(service.text.split(" (weights")[0])
    assert main(["serve", str(run), "--port", str(service.port)]) == 1
    assert f"Port {service.port} cannot be used" in capfd.readouterr().err


def test_what_is_no_run_is_refused(tmp_path: Path, capfd) -> None:
    assert main(["serve", str(tmp_path), "--port", "0"]) == 1
    assert len(capfd.readouterr().err.splitlines()) == 1
