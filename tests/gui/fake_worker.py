"""An analysis worker without torch: ``fake_worker.py well|mute|die|flood|flood-log|stray``."""

import os
import sys
import threading
import time

from engine.protocol.answers import Alive, Analysed, Answer, Ready, SamplesShown, encode_answer
from engine.protocol.requests import Analyse, Samples, Shutdown, decode_request


def say(answer: Answer) -> None:
    os.write(1, encode_answer(answer))


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


def main(mode: str) -> None:
    say(Ready(os.getpid(), {}))
    if mode != "mute":
        threading.Thread(target=beat, daemon=True).start()
    for line in sys.stdin.buffer:
        request = decode_request(line)
        if isinstance(request, Shutdown):
            break
        misbehave(mode)
        if isinstance(request, Analyse):
            say(Analysed(request.revision, (), {}, request.project.training.epochs, 0))
        elif isinstance(request, Samples):
            say(SamplesShown(request.revision, [{"start": request.start}]))


if __name__ == "__main__":
    main(sys.argv[1])
