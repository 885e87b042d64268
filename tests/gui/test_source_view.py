"""The view of source text: any text can follow any other, and Python is coloured."""

import random

import pytest

from gui.code.highlighter import spans
from gui.code.source_view import SourceView
from tests.windows import in_front


def test_any_text_can_follow_any_other(theme) -> None:
    chance = random.Random(3)
    view = SourceView(theme)
    for _ in range(400):
        text = "\n".join(chance.choice(["a", "b", "", "  c"]) for _ in range(chance.randint(0, 12)))
        view.set_source(text)
        assert view.toPlainText() == text
    view.deleteLater()


@pytest.mark.parametrize(
    ("line", "voices"),
    [
        ("def f(x):  # why", [("def", "keyword"), (" f", "title"), ("# why", "comment")]),
        ("    return self.x + 1e-5", [("return", "keyword"), ("self", "keyword"), ("1e-5", "number")]),
        ('x = batch["label"]', [('"label"', "string")]),
        ('"""One line."""', [('"""One line."""', "string")]),
        ("a1 = b2.c3", []),
        ('f("# no comment")', [('"# no comment"', "string")]),
        ("class Net(nn.Module):", [("class", "keyword"), (" Net", "title")]),
    ],
)
def test_python_is_coloured_by_kind(line, voices) -> None:
    coloured, goes_on = spans(line)
    assert [(line[at : at + length], voice) for at, length, voice in coloured] == voices
    assert not goes_on


def test_a_docstring_goes_on_until_its_end() -> None:
    assert spans('    """It begins')[1] is True
    assert spans("and = 1", in_docstring=True) == ([(0, 7, "string")], True)
    coloured, goes_on = spans('ends."""  # so', in_docstring=True)
    assert [voice for _, _, voice in coloured] == ["string", "comment"]
    assert not goes_on


def formats(view: SourceView) -> list[list[tuple[int, int, str]]]:
    block, result = view.document().begin(), []
    while block.isValid():
        result.append(
            [(one.start, one.length, one.format.foreground().color().name()) for one in block.layout().formats()]
        )
        block = block.next()
    return result


@pytest.mark.parametrize("seed", range(4))
def test_a_long_source_is_coloured_line_by_line_despite_changes(theme, qtbot, seed) -> None:
    chance = random.Random(seed)
    pieces = [
        "x = 1",
        'y = "a"',
        '"""It begins',
        'It ends."""',
        "",
        "def f(x):",
        '"""One line."""',
        "return None  # why",
    ]
    lines = [chance.choice(pieces) for _ in range(900)]
    view = in_front(SourceView(theme), qtbot, 400, 300)
    for _ in range(5):
        view.set_source("\n".join(lines))
        for _ in range(chance.randint(0, 3)):  # slices
            qtbot.wait(5)
        at, count = chance.randrange(900), chance.choice([1, 3, 400])
        lines[at : at + count] = [chance.choice(pieces) for _ in range(chance.choice([0, 1, 300]))]
        if chance.random() < 0.3:
            theme.set(chance.choice(["light", "dark"]))
    view.set_source("\n".join(lines))
    view._colours.finish()
    fresh = SourceView(theme)
    qtbot.addWidget(fresh)
    fresh.set_source("\n".join(lines))
    fresh._colours.rehighlight()
    assert view.toPlainText().split("\n") == lines
    assert formats(view) == formats(fresh)
    assert any(formats(view))
