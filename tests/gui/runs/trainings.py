"""Starting a training and waiting for its end in tests."""

from pathlib import Path

WAIT = 60_000


def ended(qtbot, link) -> list:
    """A list that gets the ending of the next training that ends."""
    endings = []
    link.ended.connect(lambda _run, how: endings.append(how))
    return endings


def begin(qtbot, link, document) -> Path:
    """Start a training, and wait until its folder exists."""
    with qtbot.waitSignal(link.appeared, timeout=WAIT):
        return link.start(document.project, document.path)
