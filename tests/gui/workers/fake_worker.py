"""An analysis worker without torch: ``fake_worker.py well|mute|die|flood|flood-log|stray``.

``fail|unknown|long|stale`` do so at the first analysis and at all questions before the second; ``always-stale`` always.
"""

import os
import sys
import threading
import time

from engine.protocol.answers import Alive, Analysed, Answer, Failed, Ready, SamplesShown, Stale, encode_answer
from engine.protocol.framing import MAX_LINE
from engine.protocol.requests import Analyse, Samples, Shutdown, decode_request

WRITING = threading.Lock()  # a heartbeat must not break a long line in two


def say(answer: Answer) -> None:
    put(encode_answer(answer))


def put(line: bytes) -> None:
    left = memoryview(line)
    with WRITING:
        while left:
            left = left[os.write(1, left) :]


def beat() -> None:
    while True:
        say(Alive(0.0))
        time.sleep(0.05)


def misbehave(mode: str) -> None:
    if mode == "die":
        os._exit(3)
    while mode == "flood":
        os.write(1, b"nonsense\n" * 1000)
    while mode == "flood-log":
        os.write(2, b"nonsense\n" * 10000)
    if mode == "stray":
        os.write(1, b"nonsense\n{}\n[]\n")


def give_up(mode: str, revision: int) -> bool:
    """Misbehave if the mode says so; returns whether it did."""
    match mode:
        case "fail":
            say(Failed(revision, "Out of luck.", "Try again."))
        case "unknown":
            say(Failed(None, "That is not a request: too long."))
        case "long":
            put(b"x" * MAX_LINE + b"xx\n")
        case "stale" | "always-stale":
            say(Stale(revision))
        case _:
            return False
    return True


def main(mode: str) -> None:
    analyses = 0
    say(Ready(os.getpid(), {}))
    if mode != "mute":
        threading.Thread(target=beat, daemon=True).start()
    for line in sys.stdin.buffer:
        request = decode_request(line)
        if isinstance(request, Shutdown):
            break
        misbehave(mode)
        analyses += isinstance(request, Analyse)
        if (analyses < 2 or mode == "always-stale") and give_up(mode, request.revision):
            continue
        if isinstance(request, Analyse):
            say(Analysed(request.revision, (), {}, request.project.training.epochs, 0))
        elif isinstance(request, Samples):
            say(SamplesShown(request.revision, [{"start": request.start}]))


if __name__ == "__main__":
    main(sys.argv[1])
