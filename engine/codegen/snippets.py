"""Copies definitions from `resources.snippets` into a generated file: those that are used, and those they use."""

import ast
import re
import symtable
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import resources

IMPORT_WIDTH = 88  # the default of import sorters
PACKAGE = "resources.snippets."
FOR_THE_APP = re.compile(r"  # (?:noqa|type: ignore)\b.*")
"""Comments for the checks of the app alone."""
Import = tuple[str, str, str]
"""A module, the name imported from it (empty: the module itself), and its name in the file."""


@dataclass(frozen=True, slots=True)
class SnippetCopy:
    """The copied definitions of a file. ``parts``: each with its snippet. ``homes``: the snippet of each name."""

    imports: frozenset[Import] = frozenset()
    parts: tuple[tuple[str, str], ...] = ()
    homes: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All definitions below each other."""
        return join_definitions(text for _, text in self.parts)

    @property
    def names(self) -> frozenset[str]:
        """All names that are defined so far."""
        return frozenset(self.homes)


@dataclass(frozen=True, slots=True)
class _Definition:
    """A statement at the top of a snippet with the comments before it; the names it defines and reads."""

    text: str
    defines: frozenset[str]
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Snippet:
    imports: dict[str, Import] = field(default_factory=dict)
    definitions: list[_Definition] = field(default_factory=list)

    def defining(self, name: str) -> _Definition | None:
        return next((definition for definition in self.definitions if name in definition.defines), None)


def copy_snippets(names: Iterable[tuple[str, str]], *, after: SnippetCopy | None = None) -> SnippetCopy:
    """The definitions of ``names``, pairs of snippet and name, and those that they use, each before its users.

    ``after``: what the file has already; it is not copied again.
    """
    copy = _Copy(after.homes if after else {})
    for snippet, name in names:
        copy.reach(snippet, name)
    return SnippetCopy(frozenset(copy.imports), tuple(copy.parts()), copy.homes)


def join_definitions(texts: Iterable[str]) -> str:
    """Definitions below each other: two empty lines around functions and classes, none between constants."""
    result, before = "", ""
    for text in texts:
        is_close = before and not (_is_block(before) or _is_block(text))
        result += ("\n" if is_close else "\n\n\n" if before else "") + text
        before = text
    return result


def _is_block(text: str) -> bool:
    return any(line.startswith(("def ", "class ")) for line in text.splitlines())


def network_name(name: str, others: Iterable[str]) -> str:
    """The name of the network's class in a script: its own, unless something else in the script has it."""
    is_free = name[:1].isupper() and name not in others  # a lower-case name may be a variable
    return name if is_free else "Network"


def import_lines(imports: Iterable[Import]) -> list[str]:
    """The import lines: the standard library, an empty line, the others."""
    standard: list[str] = []
    others: list[str] = []
    for module in sorted({module for module, _, _ in imports}):
        group = standard if module.partition(".")[0] in sys.stdlib_module_names else others
        names = [(name, alias) for source, name, alias in imports if source == module]
        group += [
            (f"import {module}" + (f" as {alias}" if alias != module else "")) for name, alias in names if not name
        ]
        texts = sorted({name + (f" as {alias}" if alias != name else "") for name, alias in names if name}, key=_isort)
        group += [_from_import(module, texts)] if texts else []
    standard.sort(key=lambda line: line.startswith("from"))
    others.sort(key=lambda line: line.startswith("from"))
    return [*standard, *([""] if standard and others else []), *others]


def _from_import(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    return line if len(line) <= IMPORT_WIDTH else f"from {module} import (\n    {f',{chr(10)}    '.join(names)},\n)"


def names_read(text: str) -> frozenset[str]:
    """The global names that a file reads."""
    return frozenset(_global_names(symtable.symtable(text, "", "exec")))


def _global_names(scope: symtable.SymbolTable) -> Iterator[str]:
    is_module = scope.get_type() == "module"
    yield from (
        each.get_name() for each in scope.get_symbols() if each.is_referenced() and (is_module or each.is_global())
    )
    for inner in scope.get_children():
        yield from _global_names(inner)


def _isort(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest, as import sorters do."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name)


class _Copy:
    """The definitions that are copied so far."""

    def __init__(self, before: Mapping[str, str]) -> None:
        self.imports: set[Import] = set()
        self.homes = dict(before)
        self._before = frozenset(before)
        self._order: list[str] = []

    def reach(self, snippet: str, name: str) -> None:
        definition = _read(snippet).defining(name)
        if definition is None:
            raise LookupError(f"resources/snippets/{snippet}.py does not define {name}")
        if name not in self.homes:
            for defined_name in definition.defines:
                self.homes[defined_name] = snippet
            for name_read in sorted(definition.reads):
                self._use(snippet, name_read)
            self._place(snippet)
        elif self.homes[name] != snippet:
            raise LookupError(f"{name} is defined in both snippets {self.homes[name]} and {snippet}")

    def _use(self, snippet: str, name: str) -> None:
        read = _read(snippet)
        if read.defining(name):
            self.reach(snippet, name)
        elif name in read.imports:
            module, source, _ = read.imports[name]
            if module.startswith(PACKAGE):
                self.reach(module.removeprefix(PACKAGE), source)
            else:
                self.imports.add(read.imports[name])

    def _place(self, snippet: str) -> None:
        """Place a snippet after those it imports: annotations may need their names at definition."""
        if snippet not in self._order:
            for module, _, _ in _read(snippet).imports.values():
                if module.startswith(PACKAGE):
                    self._place(module.removeprefix(PACKAGE))
            self._order.append(snippet)

    def parts(self) -> Iterator[tuple[str, str]]:
        for snippet in self._order:
            for definition in _read(snippet).definitions:
                if any(self.homes.get(name) == snippet for name in definition.defines - self._before):
                    yield snippet, definition.text


@cache
def _read(snippet: str) -> _Snippet:
    path = Path(resources.__file__).parent.joinpath("snippets", *snippet.split(".")).with_suffix(".py")
    text = path.read_text(encoding="utf-8")
    lines, result, end = text.splitlines(), _Snippet(), 0
    for statement in ast.parse(text).body:
        source = FOR_THE_APP.sub("", "\n".join(lines[end : statement.end_lineno]).strip("\n"))
        end = statement.end_lineno or end
        if isinstance(statement, ast.Import | ast.ImportFrom):
            result.imports.update(imports_of(statement))
        elif isinstance(statement, ast.Expr):
            if result.definitions:  # the docstring of a constant
                before = result.definitions[-1]
                result.definitions[-1] = _Definition(f"{before.text}\n{source}", before.defines, before.reads)
        else:
            result.definitions.append(
                _Definition(source, frozenset(_names_defined(statement)), frozenset(_read_names(statement)))
            )
    return result


def imports_of(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Import]]:
    """The imports of a statement, by their names in the file."""
    for alias in statement.names:
        name = alias.asname or alias.name
        if isinstance(statement, ast.ImportFrom):
            yield name, (statement.module or "", alias.name, name)
        else:
            yield name.partition(".")[0], (alias.name, "", name)


def _names_defined(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _read_names(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            yield node.id
