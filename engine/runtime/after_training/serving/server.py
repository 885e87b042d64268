"""Runs the HTTP service of a network on this machine until Ctrl+C."""

import socket
from collections.abc import Callable
from pathlib import Path

from engine.errors import MachineProblem
from engine.runtime.after_training.serving.examples import client_examples, example_question
from engine.runtime.after_training.serving.service import ABSENT, HOSTS, INSTALL, NetworkService, application

LOOPBACK = HOSTS[0]


def serve(run: Path, port: int, say: Callable[[str], None]) -> None:
    """Answer programs on this machine; other machines are never reached. ``port``: 0 takes any free one.

    ``say`` gets the address, and examples of clients. Raises: ``EngineError``; ``KeyboardInterrupt`` at Ctrl+C.
    """
    try:
        import uvicorn
    except ImportError as error:
        raise MachineProblem(ABSENT, hint=INSTALL, code="M030") from error
    service = NetworkService(run)
    app = application(service)
    form = service.form()
    listener = _listener(port)
    url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    say(f"{run} (weights of epoch {form['epoch']}) answers at {url} until Ctrl+C.")
    say(f"To try it in a browser, open {url}")
    say("What the network wants: " + f"{url}/network")
    say("")
    say(client_examples(url, example_question(form, service.first_sample(form)), form))
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=2)
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def _listener(port: int) -> socket.socket:
    """A socket that only this machine reaches. Raises: `MachineProblem`."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
    except OSError as error:
        listener.close()
        hint = "Choose another one: --port N, or --port 0 for any that is free."
        raise MachineProblem(f"Port {port} cannot be used: {error.strerror}.", hint=hint, code="M031") from error
    listener.listen()
    return listener
