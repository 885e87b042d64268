"""The question about pasted blocks whose names other blocks of the project have."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from gui.common_dialogs.question import Question

MOST_NAMES = 4  # that are listed


def ask_about_blocks(parent: QWidget, names: Sequence[str]) -> Sequence[str] | None:
    """Of these blocks, those in whose place the project's own are used: all or none. ``None``: paste nothing."""
    if len(names) == 1:
        title = f"Which {names[0]}?"
        what = f"This project has a block {names[0]} already, and the pasted one is different."
    else:
        title = f"Which of {len(names)} blocks?"
        few = ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "")
        what = f"This project has blocks with the names of pasted ones already, which are different: {few}."
    more = f"{what}\n\nThe pasted nodes can use yours, or bring theirs along under a new name."
    question = Question("blocks", title, more, parent)
    question.offer(None, "Cancel", apart=True)
    question.offer("mine", "Use mine")
    question.offer("theirs", "Add under a new name", default=True)
    answer = question.ask()
    return None if answer is None else tuple(names) if answer == "mine" else ()
