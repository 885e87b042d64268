"""The words that CONTRIBUTING.md rules out stay out of names and prose."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = (".", "bench", "docs/pictures", "engine", "gui", "packaging", "resources", "tests")
PARTICIPLES = """
asked begun built chosen compared counted drawn fed found given gone heard held kept known lent listed made marked
meant measured mended named needed offered opened passed picked refused said seen settled shown spoken taken told
typed waited wanted watched wired written
"""  # names of nothing: say what the value is (`problems`, `name`, `visible_nodes`)
PRIVATE = "anew desk facts figures joints lender news obey pace said told weather wish"
PROSE = re.compile(r"\b(?:anew|facts?|heed|joints|nor|obeys?|obeyed|pace|told|whoever|wish(?:es|ed)?)\b", re.IGNORECASE)

KEY = re.compile(r"""["']\w+["']""")


def places() -> list[str]:
    """Each folder of FOLDERS, and each folder directly inside one of them, that has Python files."""
    every = [ROOT / folder for folder in FOLDERS]
    every += [inner for folder in every[1:] for inner in sorted(folder.iterdir()) if inner.is_dir()]
    return [str(folder.relative_to(ROOT)) for folder in every if any(_files(folder))]


def _files(folder: Path) -> Iterator[Path]:
    """The files whose nearest place is `folder`: of a top folder only the loose ones."""
    is_top = str(folder.relative_to(ROOT)) in FOLDERS
    yield from sorted(folder.glob("*.py") if is_top else folder.rglob("*.py"))


def _keys(tree: ast.AST) -> set[ast.AST]:
    """The fields of typed dicts, which are keys of files and messages that older versions have written."""
    dicts = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and _is_typed_dict(node)]
    return {entry.target for node in dicts for entry in node.body if isinstance(entry, ast.AnnAssign)}


def _is_typed_dict(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "TypedDict" for base in node.bases)


def _names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    keys = _keys(tree)
    for node in ast.walk(tree):
        if node in keys:
            continue
        match node:
            case ast.FunctionDef() | ast.ClassDef() | ast.AsyncFunctionDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr
            case ast.alias(asname=str(name)):
                yield getattr(node, "lineno", 0), name


def _bad_names(source: str) -> Iterator[tuple[int, str]]:
    for line, name in _names(ast.parse(source)):
        plain = name.strip("_").lower()
        if plain in PARTICIPLES.split() or set(PRIVATE.split()) & set(plain.split("_")):
            yield line, name


def _bad_prose(source: str) -> Iterator[tuple[int, str]]:
    """Private words in comments and in texts, which docstrings and messages are; a text of one word is a key."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING) and not KEY.fullmatch(token.string):
            for match in PROSE.finditer(token.string):
                yield token.start[0] + token.string.count("\n", 0, match.start()), match[0]


@pytest.mark.parametrize("place", places())
def test_names_and_prose_use_the_words_of_the_field(place: str) -> None:
    bad = [
        f"{path.relative_to(ROOT)}:{line} {word}"
        for path in _files(ROOT / place)
        if path != Path(__file__)
        for source in [path.read_text(encoding="utf-8")]
        for line, word in [*_bad_names(source), *_bad_prose(source)]
    ]
    assert not bad, "\n".join(bad)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def f(told):\n    found = told\n", ["told", "found"]),
        ('"""What the wish says."""\nself.pace_s = 1  # as it was told\n', ["wish", "pace_s", "told"]),
        ("is_shown = has_found = True  # a name of a flag may end so\n", []),
        ('class A(TypedDict):\n    pace: int\n\n\nkeep["pace"] = keep["the pace"]\n', ["pace"]),
    ],
)
def test_such_words_are_seen(source: str, words: list[str]) -> None:
    seen_at = sorted([*_bad_names(source), *_bad_prose(source)])
    assert sorted(word for _, word in seen_at) == sorted(words)
