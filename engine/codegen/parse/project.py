"""Source of our own dialect, back to a project. The file is read as a tree and never run."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from engine.catalog.index import layers
from engine.catalog.params import Value
from engine.codegen.expression import Argument
from engine.codegen.model import ALWAYS, CLASS_VARIABLE, IMPORTS, generate
from engine.codegen.parse.classes import parse_class
from engine.codegen.parse.draft import Ref
from engine.codegen.parse.literals import CODE, wrong
from engine.codegen.parse.parsed import Comments, ParsedClass, add_outputs
from engine.codegen.parse.scores import leave_out_implied, parse_losses, parse_metrics
from engine.codegen.scores import losses_name, phase_choice
from engine.codegen.snippets import Import, copy_snippets, imports_of
from engine.codegen.uses import MAX_PLACES
from engine.errors import EngineError
from engine.graph.model import Phase, Project, Training, is_name

MAX_LENGTH = 10_000_000  # characters
_PHASE_LOSSES = re.compile(r"_\w+_losses")


@dataclass(frozen=True, slots=True)
class ParsedProject:
    """What a ``model.py`` tells: a project without data and training, and the values that the wires had given."""

    project: Project
    derived: dict[tuple[str, ...], dict[str, Value]]


def parse(text: str) -> ParsedProject:
    """Read a ``model.py`` that `generate` wrote; generating what comes back gives the same text.

    Raises: `EngineError`, errors_at the line, for anything that is not our own dialect.
    """
    tree = _tree(text)
    comments = _comments(text)
    classes, functions = _definitions(tree, comments)
    if not classes:
        raise EngineError("There is no network in this source.", code=CODE)
    main = list(classes.values())[-1]
    _parse_losses(functions, main, comments)
    if "metrics" in functions:
        parse_metrics(functions.pop("metrics"), main, comments)
    for other in functions.values():
        raise wrong(other, f"{other.name} is of no phase of the network.")
    outputs = _drawn_outputs(main)
    if main.phases:
        main.drafts.arrange(main.chains)
    leave_out_implied(main)
    add_outputs(main, outputs)
    graphs = {own.name: own.drafts.graph() for own in classes.values()}
    phases = (Phase(name, tuple(loss.name for loss in main.losses[name])) for name in main.phases)
    project = Project(name=main.name, main=main.name, graphs=graphs, training=Training(phases=tuple(phases)))
    parsed = ParsedProject(project, dict(_limited(_derived(main))))
    if any(own.speaks for own in classes.values()):
        _check_settings(tree, parsed)
    return parsed


def _definitions(tree: ast.Module, comments: Comments) -> tuple[dict[str, ParsedClass], dict[str, ast.FunctionDef]]:
    """The classes of the file, each read, and the functions that give losses and metrics."""
    classes: dict[str, ParsedClass] = {}
    functions: dict[str, ast.FunctionDef] = {}
    trees = [statement for statement in tree.body if isinstance(statement, ast.ClassDef) and not is_snippet(statement)]
    for statement in tree.body:
        match statement:
            case ast.Import() | ast.ImportFrom():
                _check_import(statement)
            case ast.ClassDef() if statement in trees:
                is_main = statement is trees[-1]
                classes[statement.name] = parse_class(statement, classes, comments, is_main=is_main)
            case ast.FunctionDef(name=name) if name in ("losses", "metrics") or _PHASE_LOSSES.fullmatch(name):
                functions[name] = statement
            case ast.Expr(value=ast.Constant(value=str())):
                pass
            case _ if not is_snippet(statement):
                raise wrong(statement, f"{ast.unparse(statement).splitlines()[0]} is not known.")
    return classes, functions


def _parse_losses(functions: dict[str, ast.FunctionDef], main: ParsedClass, comments: Comments) -> None:
    """Read the functions that give losses, and take them out of ``functions``."""
    tree = functions.pop("losses", None)
    if not main.phases:
        if tree is not None:
            parse_losses(tree, main, comments)
        return
    wanted = ast.parse("\n".join(phase_choice(main.phases)))
    if tree is None:
        raise EngineError("There is no function losses.", code=CODE)
    if [ast.dump(each) for each in tree.body[1:]] != [ast.dump(each) for each in wanted.body]:
        raise wrong(tree, "losses does not choose the function of each phase.")
    for name in main.phases:
        if losses_name(name) not in functions:
            raise EngineError(f"There is no function {losses_name(name)}.", code=CODE)
        parse_losses(functions.pop(losses_name(name)), main, comments, name)


def _check_settings(tree: ast.Module, parsed: ParsedProject) -> None:
    """Settings of weights are written in several places of a class, which must agree."""
    again = _tree(generate(parsed.project, parsed.derived).text)
    known = {own.name: own for own in again.body if isinstance(own, ast.ClassDef)}
    for own in tree.body:
        if isinstance(own, ast.ClassDef) and not is_snippet(own):
            wanted, found = ({ast.dump(each): each for each in _aside(each)} for each in (known[own.name], own))
            for text in [*(found.keys() - wanted.keys()), *(wanted.keys() - found.keys())]:
                line = ast.unparse(found.get(text) or wanted[text]).splitlines()[0]
                raise wrong(found.get(text) or own, f"{line} does not fit the rest of {own.name}, or is missing.")


def _aside(tree: ast.ClassDef) -> Iterator[ast.stmt]:
    """The statements of a class but for ``forward``."""
    for statement in tree.body:
        match statement:
            case ast.FunctionDef(name="forward"):
                pass
            case ast.FunctionDef(name="__init__"):
                yield from statement.body
            case _:
                yield statement


def _tree(text: str) -> ast.Module:
    if len(text) > MAX_LENGTH:
        raise EngineError(f"The source has more than {MAX_LENGTH:,} characters.", code=CODE)
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        place = f"line {line}: " if line else ""
        raise EngineError(f"{place}this is no Python: {getattr(error, 'msg', error)}.", code=CODE) from error


def _comments(text: str) -> Comments:
    found = {}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        name = token.string.removeprefix("#").strip()
        if token.type == tokenize.COMMENT and is_name(name):
            found[token.start[0]] = name
    return found


@cache
def _snippets() -> tuple[frozenset[str], frozenset[Import]]:
    """Every definition that the generator may copy, as a tree's text, and every import that these bring."""
    copy = copy_snippets(dict.fromkeys(wanted for declared in layers().values() for wanted in declared.definitions))
    return frozenset(ast.dump(statement) for statement in ast.parse(copy.text).body), copy.imports


def is_snippet(statement: ast.stmt) -> bool:
    """Whether a statement is a definition that the generator copies as it stands."""
    return ast.dump(statement) in _snippets()[0]


def _check_import(statement: ast.Import | ast.ImportFrom) -> None:
    known = {*ALWAYS, *IMPORTS.values(), CLASS_VARIABLE, *_snippets()[1]}
    for _, taken in imports_of(statement):
        if taken not in known:
            raise wrong(statement, f"{ast.unparse(statement)} is not known.")


def _drawn_outputs(main: ParsedClass) -> list[str]:
    """The returned values that are Output nodes: not the last ones, if the graph gives them only for what reads them.

    Without a phase those are the metrics, and where there are no phases the losses too.
    """
    scores = [*main.metrics, *main.losses.get("", ())]
    read = {ref for score in scores for ref in score.inputs.values()}
    names = list(main.returned)
    while names and main.returned[names[-1]] in read and _is_own_name(names[-1], main.returned[names[-1]]):
        names.pop()
    return names


def _is_own_name(name: str, ref: Ref) -> bool:
    """Whether a value bears the name that it has without an Output; what comes straight from an Input has none."""
    draft, port = ref
    own = draft.name if port == draft.outputs[0] else f"{draft.name}_{port}"
    return draft.node.kind != "Input" and name == own


def _derived(
    own: ParsedClass, place: tuple[str, ...] = (), given: Mapping[str, Value] = MappingProxyType({})
) -> Iterator[tuple[tuple[str, ...], dict[str, Value]]]:
    """The values at each place where a graph is built, read from what its constructor is told there."""
    for name, held in own.held.items():
        values = {
            key: given[value.name] if isinstance(value, Argument) else value for key, value in held.derived.items()
        }
        if held.block is not None:
            yield from _derived(held.block, (*place, name), values)
        else:
            yield (*place, name), values


def _limited(
    found: Iterator[tuple[tuple[str, ...], dict[str, Value]]],
) -> Iterator[tuple[tuple[str, ...], dict[str, Value]]]:
    """Only the places that have values; blocks within blocks multiply, so they are counted."""
    for count, (place, values) in enumerate(found):
        if count > MAX_PLACES:
            raise EngineError(f"There are more than {MAX_PLACES:,} layers, blocks unpacked.", code=CODE)
        if values:
            yield place, values
