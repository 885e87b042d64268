"""A generated ``model.py``, parsed back to a project. The file is read as a tree and never run."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from engine.catalog.expressions import Expression, ExpressionError, evaluate, names
from engine.catalog.generation_kinds import FROM_NOISE
from engine.catalog.index import layers
from engine.catalog.params import Value
from engine.codegen.expression import Argument
from engine.codegen.indexed import INDEX, Indexed
from engine.codegen.losses_and_metrics import losses_name, phase_choice
from engine.codegen.model import ALWAYS, CLASS_VARIABLE, IMPORTS, OPTIONS, generate
from engine.codegen.parse.classes import parse_class
from engine.codegen.parse.draft import Ref
from engine.codegen.parse.literals import CODE, source_error
from engine.codegen.parse.losses_and_metrics import leave_out_implied, parse_losses, parse_metrics
from engine.codegen.parse.parsed import Comments, ParsedClass, ParsedModule, add_outputs
from engine.codegen.place_values import MAX_PLACES
from engine.codegen.snippets import Import, copy_snippets, imports_of
from engine.errors import EngineError
from engine.graph.default_metric import implied_metric
from engine.graph.model import Part, Phase, Project, Training, is_name
from engine.graph.repetitions import repetition
from engine.graph.resolved import loop_values
from engine.graph.sizes import size_name

MAX_LENGTH = 10_000_000  # characters
_PHASE_LOSSES = re.compile(r"_\w+_losses")


@dataclass(frozen=True, slots=True)
class ParsedProject:
    """The content of a ``model.py``: a project without data and training, and the parameters read off the wires."""

    project: Project
    derived: dict[tuple[str, ...], dict[str, Value]]


def parse(text: str) -> ParsedProject:
    """Parse a ``model.py`` that `generate` wrote; generating from the result gives the same text.

    A size that an expression gives counts as read off the wire, unless the text shows that it was set by hand.
    Raises: `EngineError`, errors_at the line, for anything that is not our own dialect.
    """
    if not any(map(_has_defaults, ast.walk(_tree(text)))):
        return _parse(text)
    try:
        parsed = _parse(text)
        if generate(parsed.project, parsed.derived).text == text:
            return parsed
    except EngineError:
        pass
    return _parse(text, sizes_by_hand=True)


def _has_defaults(node: ast.AST) -> bool:
    """Whether a constructor has parameters."""
    return isinstance(node, ast.FunctionDef) and node.name == "__init__" and bool(node.args.defaults)


def _parse(text: str, *, sizes_by_hand: bool = False) -> ParsedProject:
    tree = _tree(text)
    comments = _comments(text)
    classes, functions = _definitions(tree, comments, sizes_by_hand=sizes_by_hand)
    if not classes:
        raise EngineError("There is no network in this source.", code=CODE)
    main = list(classes.values())[-1]
    _parse_losses(functions, main, comments)
    if "metrics" in functions:
        parse_metrics(functions.pop("metrics"), main, comments)
    for other in functions.values():
        raise source_error(other, f"{other.name} belongs to no phase of the network.")
    outputs = _output_names(main)
    if main.phases:
        main.drafts.arrange(main.chains)
    leave_out_implied(main)
    add_outputs(main, outputs)
    graphs = {parsed_class.name: parsed_class.graph() for parsed_class in classes.values()}
    phases = (Phase(name, tuple(loss.name for loss in main.losses[name])) for name in main.phases)
    project = Project(name=main.name, main=main.name, graphs=graphs, training=Training(phases=tuple(phases)))
    if main.takes_count and not main.metrics and implied_metric(project):
        project.generation = Part(FROM_NOISE.kind)  # without it, the source would have the metric
    parsed = ParsedProject(project, dict(_within_limit(_derived_values(main))))
    if any(parsed_class.has_settings for parsed_class in classes.values()):
        _check_settings(_tree(text), parsed)  # the classes were read from a tree that is changed
    return parsed


def _definitions(
    tree: ast.Module, comments: Comments, *, sizes_by_hand: bool
) -> tuple[dict[str, ParsedClass], dict[str, ast.FunctionDef]]:
    """The parsed classes of the file, and the functions of losses and metrics."""
    classes: dict[str, ParsedClass] = {}
    functions: dict[str, ast.FunctionDef] = {}
    trees = [statement for statement in tree.body if isinstance(statement, ast.ClassDef) and not is_snippet(statement)]
    for statement in tree.body:
        match statement:
            case ast.Import() | ast.ImportFrom():
                _check_import(statement)
            case ast.ClassDef() if statement in trees:
                is_main = statement is trees[-1]
                classes[statement.name] = parse_class(
                    statement, classes, comments, is_main=is_main, sizes_by_hand=sizes_by_hand
                )
            case ast.FunctionDef(name=name) if name in ("losses", "metrics") or _PHASE_LOSSES.fullmatch(name):
                functions[name] = statement
            case ast.Expr(value=ast.Constant(value=str())):
                pass
            case _ if not is_snippet(statement):
                raise source_error(
                    statement, f"{ast.unparse(statement).splitlines()[0]} is not a statement that Torchloom generates."
                )
    return classes, functions


def _parse_losses(functions: dict[str, ast.FunctionDef], main: ParsedClass, comments: Comments) -> None:
    """Parse the functions of losses, and take them out of ``functions``."""
    tree = functions.pop("losses", None)
    if not main.phases:
        if tree is not None:
            parse_losses(tree, main, comments)
        return
    choice = ast.parse("\n".join(phase_choice(main.phases)))
    if tree is None:
        raise EngineError("There is no function losses.", code=CODE)
    if [ast.dump(each) for each in tree.body[1:]] != [ast.dump(each) for each in choice.body]:
        raise source_error(tree, "losses does not choose the function of each phase.")
    for name in main.phases:
        if losses_name(name) not in functions:
            raise EngineError(f"There is no function {losses_name(name)}.", code=CODE)
        parse_losses(functions.pop(losses_name(name)), main, comments, name)


def _check_settings(tree: ast.Module, parsed: ParsedProject) -> None:
    """Check that the places of a class with settings of weights agree with each other."""
    again = _tree(generate(parsed.project, parsed.derived).text)
    classes = {statement.name: statement for statement in again.body if isinstance(statement, ast.ClassDef)}
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef) and not is_snippet(statement):
            expected, actual = (
                {ast.dump(each): each for each in _without_forward(tree)}
                for tree in (classes[statement.name], statement)
            )
            for text in [*(actual.keys() - expected.keys()), *(expected.keys() - actual.keys())]:
                line = ast.unparse(actual.get(text) or expected[text]).splitlines()[0]
                raise source_error(
                    actual.get(text) or statement, f"{line} does not fit the rest of {statement.name}, or is missing."
                )


def _without_forward(tree: ast.ClassDef) -> Iterator[ast.stmt]:
    """The statements of a class without those of ``forward``."""
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
        raise EngineError(f"{place}this is not Python: {getattr(error, 'msg', error)}.", code=CODE) from error


def _comments(text: str) -> Comments:
    names = {}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        name = token.string.removeprefix("#").strip()
        if token.type == tokenize.COMMENT and is_name(name):
            names[token.start[0]] = name
    return names


@cache
def _snippets() -> tuple[frozenset[str], frozenset[Import]]:
    """Every definition that the generator may copy, as the text of its tree, and every import that these need."""
    copy = copy_snippets(dict.fromkeys(name for layer in layers().values() for name in layer.definitions))
    return frozenset(ast.dump(statement) for statement in ast.parse(copy.text).body), copy.imports


def is_snippet(statement: ast.stmt) -> bool:
    """Whether a statement is a definition that the generator copies."""
    return ast.dump(statement) in _snippets()[0]


def _check_import(statement: ast.Import | ast.ImportFrom) -> None:
    allowed = {*ALWAYS, *IMPORTS.values(), CLASS_VARIABLE, OPTIONS, *_snippets()[1]}
    for _, name in imports_of(statement):
        if name not in allowed:
            raise source_error(statement, f"{ast.unparse(statement)} is not a statement that Torchloom generates.")


def _output_names(main: ParsedClass) -> list[str]:
    """The returned values that are Output nodes: not the last ones, if they are returned only for metrics or losses.

    Losses read them where the network has no phases.
    """
    scores = [*main.metrics, *main.losses.get("", ())]
    read = {ref for score in scores for ref in score.inputs.values()}
    names = list(main.returns)
    while names and main.returns[names[-1]] in read and _is_own_name(names[-1], main.returns[names[-1]]):
        names.pop()
    return names


def _is_own_name(name: str, ref: Ref) -> bool:
    """Whether a value has the name of a value without an Output; a value of an Input node has none."""
    draft, port = ref
    usual_name = draft.name if port == draft.outputs[0] else f"{draft.name}_{port}"
    return draft.node.kind != "Input" and name == usual_name


def _derived_values(
    parsed: ParsedClass, place: tuple[str, ...] = (), arguments: Mapping[str, Value] = MappingProxyType({})
) -> Iterator[tuple[tuple[str, ...], dict[str, Value]]]:
    """The parameter values at each place where a graph is used, from the arguments of its constructor there."""
    for name, module in parsed.modules.items():
        node, block = module.node, module.block
        for index in range(1 if _is_even(module) else node.repeat):
            names = {**arguments, **loop_values(node, index)}
            values = {key: _value(value, names, index) for key, value in module.derived.items()}
            if block is None:
                yield (*place, name), values
                continue
            path = (*place, repetition(name, index))
            yield path, {size_name(*size): values[key] for key, size in block.sizes.items() if key in values}
            params = {key: module.values.get(key, param.default) for key, param in block.params.items()}
            inside = {key: _value(value, names, index) for key, value in params.items()}
            yield from _derived_values(block, path, {**values, **inside})


def _is_even(module: ParsedModule) -> bool:
    """Whether all repetitions of a module have the same values."""
    values = [*module.derived.values(), *module.values.values()]
    return not any(
        isinstance(each, Indexed) or (isinstance(each, Expression) and INDEX in names(each)) for each in values
    )


def _value(value: Value | Argument | Indexed, arguments: Mapping[str, Value], index: int) -> Value:
    """A value at one place and repetition; that of an expression over the arguments of the class."""
    one = value.values[index] if isinstance(value, Indexed) else value
    if isinstance(one, Argument):
        return arguments[one.name]
    if not isinstance(one, Expression):
        return one
    constants = {name: each for name, each in arguments.items() if not isinstance(each, Expression)}
    try:
        return evaluate(one, constants, {})
    except ExpressionError as wrong:
        raise EngineError(f"{one.text}: {wrong.message}", code=CODE) from wrong


def _within_limit(
    values_by_place: Iterator[tuple[tuple[str, ...], dict[str, Value]]],
) -> Iterator[tuple[tuple[str, ...], dict[str, Value]]]:
    """Only the places that have values, up to a limit, since blocks within blocks multiply."""
    for count, (place, values) in enumerate(values_by_place):
        if count > MAX_PLACES:
            raise EngineError(f"There are more than {MAX_PLACES:,} layers, blocks unpacked.", code=CODE)
        if values:
            yield place, values
