"""Roles as a parameter: pairs in memory, an object in a file, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.data import roles
from engine.catalog.data.datasets import datasets, missing
from engine.catalog.data.roles import Roles
from engine.catalog.params import Value, find
from engine.check.data import problems
from engine.errors import FileProblem
from engine.graph.json_form import data_from_json, data_to_json
from engine.graph.model import Data, Project

PARAM = find(datasets()["Csv"].params, "roles")
assert isinstance(PARAM, Roles)
names = st.text(st.characters(codec="utf-8"), max_size=12)


def raw(roles: object) -> dict[str, object]:
    return {"kind": "Csv", "params": {"path": "a.csv", "target": "y", "roles": roles}}


@given(st.dictionaries(names, st.sampled_from(PARAM.options), max_size=6))
def test_roles_come_back_from_a_file_as_they_were(roles: dict[str, str]) -> None:
    data = data_from_json(raw(roles))
    assert data.params["roles"] == tuple(roles.items())
    assert not list(problems(Project(data=data)))
    raw_data = data_to_json(data)
    assert raw_data["params"]["roles"] == roles  # type: ignore[index]
    assert data_from_json(raw_data) == data


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), st.lists, max_leaves=4)
    | st.dictionaries(
        st.text(max_size=3), st.none() | st.integers() | st.text(max_size=3) | st.lists(st.text()), max_size=3
    )
)
def test_any_other_value_is_refused_or_a_problem(value: object) -> None:
    is_legal = isinstance(value, dict | list) and (
        all(role in PARAM.options for role in value.values()) if isinstance(value, dict) else not value
    )
    try:
        data = data_from_json(raw(value))
    except FileProblem as wrong:
        assert "data.params.roles" in wrong.message  # noqa: PT017 (or there is no such problem)
        assert not is_legal
        return
    codes = [each.code for each in problems(Project(data=data))]
    assert codes == ([] if is_legal else ["D103"])


def test_an_object_within_an_object_is_refused_with_its_place() -> None:
    with pytest.raises(FileProblem, match=r"data\.params\.roles\.town must be one word"):
        data_from_json(raw({"town": {"kind": "category"}}))


def test_a_column_cannot_have_two_roles() -> None:
    assert "twice" in str(PARAM.problem((("a", "number"), ("a", "ignore"))))


MANY = tuple((f"c{place}", "number") for place in range(50))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ((("x", "rumour"), *MANY, ("c3", "date")), "got 'rumour' for 'x'"),
        ((*MANY, ("c3", "date"), ("x", "rumour")), "has the column 'c3' twice"),
        ((("c3", "rumour"), *MANY), "got 'rumour' for 'c3'"),
        ((*MANY, ("x", 1)), "must give columns one of"),
        ((*MANY, ("x",)), "must give columns one of"),
    ],
)
def test_the_first_wrong_role_of_many_is_named(wrong: Value, says: str) -> None:
    assert PARAM.problem(MANY) is None
    assert says in str(PARAM.problem(wrong))
    assert PARAM.problem(MANY) is None


def test_the_pairs_of_one_value_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[Value] = []
    look = roles._is_pair
    monkeypatch.setattr(roles, "_is_pair", lambda pair: looked_at.append(pair) or look(pair))
    project = Project(data=Data("Csv", {"path": "a.csv", "roles": (*MANY, ("y", "target"))}))
    for _ in range(3):
        assert not list(problems(project))
    assert len(looked_at) == len(MANY) + 1


def test_a_role_gives_the_target() -> None:
    given_target = Data("Csv", {"path": "a.csv", "roles": (("y", "target"),)})
    assert not missing("Csv", given_target.params)
    assert not list(problems(Project(data=given_target)))
    without = Data("Csv", {"path": "a.csv", "roles": (("y", "ignore"),)})
    assert [param.name for param in missing("Csv", without.params)] == ["target"]
    assert [each.code for each in problems(Project(data=without))] == ["D108"]
