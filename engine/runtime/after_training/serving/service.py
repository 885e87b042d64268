"""The HTTP service of a network: what it wants, answers to questions, and a page to try it."""

import json
import threading
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from engine.errors import DataProblem, EngineError, MachineProblem
from engine.protocol.asking import AskForm, Reply, SampleGiven
from engine.runtime.after_training.asking.asker import Asker
from engine.runtime.after_training.asking.question import question_from

MAX_BODY = 16 << 20  # bytes of a question
HOSTS = ("127.0.0.1", "localhost")
ABSENT = "Serving needs the packages fastapi and uvicorn."
INSTALL = "Install them: pip install fastapi uvicorn"
INLINE = "script-src 'unsafe-inline'; style-src 'unsafe-inline'"
POLICY = f"default-src 'none'; connect-src 'self'; img-src 'self' data:; {INLINE}"
"""The page loads nothing from elsewhere."""
Handler = Callable[..., Any]


class NetworkService:
    """Answers one question after the other, since a network computes on one thread."""

    def __init__(self, run: Path) -> None:
        self._run, self._asker, self._lock = run, Asker(), threading.Lock()

    def form(self) -> AskForm:
        """What the network can be asked. Raises: ``EngineError``."""
        with self._lock:
            return self._asker.form(self._run)

    def first_sample(self, form: AskForm) -> list[SampleGiven]:
        """What the network got of the first sample of its data; nothing where that cannot be read."""
        part = next(iter(form["parts"]), None)
        if part is None:
            return []
        with self._lock:
            return self._asker.ask(self._run, question_from({"part": part, "row": 0}))["given"]

    def ask(self, body: bytes) -> Reply:
        """The reply to a question in JSON. Raises: ``EngineError``."""
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise DataProblem(f"The question is not JSON: {error}.", hint='Send {"fields": {...}}.') from error
        question = question_from(raw)
        if question.file:
            hint = "Send its content: rows as objects, pictures as base64."
            raise DataProblem("A program cannot ask about a file of this machine.", hint=hint)
        with self._lock:
            return self._asker.ask(self._run, question)


def application(service: NetworkService) -> Any:  # noqa: ANN401 (an extra, whose types may be absent)
    """The FastAPI application. Raises: `MachineProblem` where FastAPI is not installed."""
    try:
        from fastapi import FastAPI, Request
    except ImportError as error:
        raise MachineProblem(ABSENT, hint=INSTALL, code="M030") from error

    # Its pages of documentation load scripts from the internet, so they are off.
    app = FastAPI(title="Torchloom", docs_url=None, redoc_url=None)
    routes = _Routes(service)

    async def ask(request: Request) -> Any:  # noqa: ANN401 (a response)
        return await routes.ask(request)

    app.add_api_route("/", routes.show_page, methods=["GET"], include_in_schema=False)
    app.add_api_route("/network", routes.describe, methods=["GET"])
    app.add_api_route("/ask", ask, methods=["POST"])
    app.middleware("http")(routes.guard)
    return app


class _Routes:
    """The functions behind the addresses."""

    def __init__(self, service: NetworkService) -> None:
        self._service = service
        self._page = files("resources").joinpath("serve", "page.html").read_text(encoding="utf-8")

    async def show_page(self) -> Any:  # noqa: ANN401 (a response)
        from fastapi.responses import HTMLResponse

        return HTMLResponse(self._page, headers={"Content-Security-Policy": POLICY})

    async def describe(self) -> Any:  # noqa: ANN401 (a response)
        return await _answer(self._service.form)

    async def ask(self, request: Any) -> Any:  # noqa: ANN401 (of FastAPI)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BODY:
                message = f"The question has more than {MAX_BODY >> 20} MiB."
                return _refusal(413, message, "Send fewer or smaller values.")
        return await _answer(partial(self._service.ask, bytes(body)))

    async def guard(self, request: Any, call: Handler) -> Any:  # noqa: ANN401 (of FastAPI)
        """Refuse what a page of another site sends, which the browser of this machine would deliver."""
        host, origin = request.headers.get("host", ""), request.headers.get("origin", "")
        if host.rpartition(":")[0] not in HOSTS or (origin and origin != f"http://{host}"):
            return _refusal(403, "Only programs and pages of this machine are answered.")
        return await call(request)


async def _answer(work: Callable[[], object]) -> Any:  # noqa: ANN401 (a response)
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import JSONResponse

    try:
        return JSONResponse(_finite(await run_in_threadpool(work)))
    except EngineError as error:
        return _refusal(400, error.message, error.hint, error.code)


def _refusal(status: int, message: str, hint: str = "", code: str = "D001") -> Any:  # noqa: ANN401 (a response)
    from fastapi.responses import JSONResponse

    problem = {"code": code, "severity": "error", "message": message, "hint": hint}
    return JSONResponse({"problem": problem}, status)


def _finite(value: object) -> object:
    """Numbers that JSON lacks as texts."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    if isinstance(value, float) and not -float("inf") < value < float("inf"):
        return str(value)
    return value
