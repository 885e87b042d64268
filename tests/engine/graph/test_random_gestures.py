"""Random gestures on networks of blocks: each undoes exactly, survives the journal, and breaks no rule's code."""

from collections.abc import Callable
from random import Random

import pytest

from engine.catalog.expressions import parse
from engine.check.rules import instant_problems
from engine.graph import compose
from engine.graph.block_params import BlockParam
from engine.graph.edits import Edit, EditError, RenameBlockParam, SetParam
from engine.graph.fragment import fragment_of
from engine.graph.json_form import edit_from_json, edit_to_json
from engine.graph.model import Project
from engine.project import file
from engine.project.library import shipped
from engine.project.templates import template
from tests.conftest import is_full
from tests.gestures import exactly

GESTURES = 8
SEQUENCES = 10_000 if is_full() else 300
PER_TEST = SEQUENCES // 6
BLOCKS = ("resnet18", "unet", "gpt2", "vae", "seq2seq-attention", "digits-gan")


class Hand:
    """Makes a random gesture that may fit a project."""

    def __init__(self, random: Random, project: Project) -> None:
        self.random, self.project = random, project
        self.graph = random.choice(list(project.graphs))
        self.inside = project.graphs[self.graph]
        self.name = self.any(self.inside.nodes)

    def any(self, names) -> str:
        return self.random.choice(list(names) or ["none"])

    def several(self) -> list[str]:
        nodes = list(self.inside.nodes)
        start = self.random.randrange(max(1, len(nodes)))
        return nodes[start : start + self.random.randint(1, 4)]

    def gesture(self) -> Edit:
        """One of all, with names that mostly exist."""
        project, graph, name, random = self.project, self.graph, self.name, self.random
        node = self.inside.nodes.get(name)
        param = self.any(self.inside.params)
        rounds = compose.usual_rounds(project, node.graph) if node and node.graph in project.graphs else None
        library = random.choice(list(shipped().blocks.values()))
        choices: list[Callable[[], Edit]] = [
            lambda: compose.make_block(project, graph, self.several(), random.choice(("Part", graph))),
            lambda: compose.unpack(project, graph, name),
            lambda: compose.make_independent(project, graph, name),
            lambda: compose.set_repeat(project, graph, name, random.randint(1, 3)),
            lambda: compose.set_rounds(project, graph, name, random.choice((rounds, None))),
            lambda: compose.rename(project, graph, name, f"{name}_{random.randint(1, 3)}"),
            lambda: compose.rename_block(project, graph, f"{graph}{random.randint(1, 3)}"),
            lambda: compose.remove(project, graph, self.several()),
            lambda: compose.heal(project, graph, [name]),
            lambda: compose.duplicate(project, graph, self.several()),
            lambda: compose.add_port(project, graph, random.choice(("Input", "Output"))),
            lambda: compose.move_port(project, graph, name, random.choice((-1, 1))),
            lambda: compose.add_param(project, graph, BlockParam("int", 4), "width"),
            lambda: compose.remove_param(project, graph, param),
            lambda: RenameBlockParam(graph, param, "channels_again"),
            lambda: compose.promote(project, graph, name, self.any(node.params if node else ())),
            lambda: SetParam(graph, name, self.any(node.params if node else ()), parse(f"{param} * 2")),
            lambda: compose.paste(project, graph, library.fragment()),
            lambda: compose.paste(project, self.any(project.graphs), fragment_of(project, graph, self.several())),
        ]
        return random.choice(choices)()


@pytest.mark.parametrize("start", BLOCKS)
def test_any_gestures_undo_exactly(start: str) -> None:
    text = template(start).text()
    done = 0
    for seed in range(PER_TEST):
        random, project = Random(seed), file.parse(text, start)
        states, inverses = [exactly(project)], []
        for _ in range(GESTURES):
            try:
                edit = Hand(random, project).gesture()
            except EditError:
                assert exactly(project) == states[-1], "a gesture does not change the project"
                continue
            edit = edit_from_json(edit_to_json(edit), "edit")
            try:
                inverses.append(edit.apply(project))
            except EditError:
                assert exactly(project) == states[-1], "an edit that fails changes nothing"
                continue
            states.append(exactly(project))
            done += 1
        if seed % 10 == 0:
            instant_problems(project)
            assert file.dump(file.parse(file.dump(project), "again")) == file.dump(project)
        for inverse, state in zip(reversed(inverses), reversed(states[:-1]), strict=True):
            inverse.apply(project)
            assert exactly(project) == state
    assert done > PER_TEST * GESTURES / 3
