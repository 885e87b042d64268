"""Loads everything that training needs, before a request for it comes."""

from pathlib import Path

import torch

from engine.project import file as files
from engine.project.templates import template
from engine.runtime.analysis.analyse import check_project
from engine.runtime.training import train  # noqa: F401 (imported to be there: this is what takes seconds)


def warm() -> None:
    """Check a small project and take one step, so that torch also loads what it loads on first use.

    None of it affects a later training, which seeds its random numbers and sets its thread count by itself.
    """
    project = files.parse(template("gate-xor").text(), "gate-xor")
    check_project(project, Path.cwd(), training=True)
    weight = torch.zeros(2, 2, requires_grad=True)
    optimizer = torch.optim.AdamW([weight])  # the first optimizer of a process loads torch's compiler
    weight.sum().backward()  # type: ignore[no-untyped-call]
    optimizer.step()
