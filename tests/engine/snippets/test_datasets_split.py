import random
import subprocess
import sys
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from resources.snippets.memory import memory_left, size_text
from resources.snippets.splits import split_groups, split_samples

shares = st.integers(0, 45).map(lambda percent: percent / 100)
seeds = st.integers(0, 2**40)


@given(st.lists(st.integers(0, 4), max_size=80), shares, shares, seeds, st.booleans())
def test_every_sample_is_in_exactly_one_part(labels, validation, test, seed, stratify) -> None:
    given_labels = np.array(labels, dtype=np.int64) if stratify else None
    parts = split_samples(len(labels), given_labels, validation=validation, test=test, seed=seed)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(labels)))
    for part in parts:
        assert part.dtype == np.int64
        assert (np.diff(part) > 0).all()


@given(st.lists(st.integers(0, 4), min_size=1, max_size=80), shares, shares, seeds)
def test_a_class_is_split_to_within_one_sample(labels, validation, test, seed) -> None:
    labels = np.array(labels)
    parts = split_samples(len(labels), labels, validation=validation, test=test, seed=seed)
    shares = [Fraction(str(validation)), Fraction(str(test))]
    for kind in np.unique(labels):
        rows = int((labels == kind).sum())
        assert (labels[parts[0]] == kind).any()
        for part, share in zip(parts, [1 - sum(shares), *shares], strict=True):
            exact = rows * share
            assert int((labels[part] == kind).sum()) in {int(exact), -int(-exact // 1)}


@given(st.lists(st.integers(10, 40), min_size=1, max_size=12), shares, shares, seeds)
def test_rounding_does_not_pile_up_over_classes(counts, validation, test, seed) -> None:
    labels = np.repeat(np.arange(len(counts)), counts)
    parts = split_samples(len(labels), labels, validation=validation, test=test, seed=seed)
    for part, share in zip(parts, (1 - validation - test, validation, test), strict=True):
        assert abs(len(part) - share * len(labels)) < 1.5


@given(st.lists(st.integers(0, 9), min_size=1, max_size=80), shares, shares, seeds)
def test_a_group_is_never_in_two_parts(groups, validation, test, seed) -> None:
    numbers = np.array(groups)
    parts = split_groups(numbers, validation=validation, test=test, seed=seed)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(numbers)))
    groups_of_parts = [set(numbers[part].tolist()) for part in parts]
    assert sum(map(len, groups_of_parts)) == len(set(groups))
    other_shares = [Fraction(str(validation)), Fraction(str(test))]
    for part, share in zip(groups_of_parts, [1 - sum(other_shares), *other_shares], strict=True):
        assert abs(len(part) - share * len(set(groups))) < 1


@given(st.integers(1, 60), shares, seeds)
def test_a_split_is_a_pure_function(rows, validation, seed) -> None:
    state = random.getstate()
    one, two = (split_samples(rows, None, validation=validation, test=0.0, seed=seed) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert random.getstate() == state


def test_a_split_is_the_same_in_every_process_and_version() -> None:
    code = "from resources.snippets.splits import *;print(*split_samples(20, None, validation=.2, test=.1, seed=7)[1:])"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output == "[ 2  4 16 18] [13 17]\n"


def test_another_seed_gives_another_split_and_zero_holds_nothing_out() -> None:
    validations = {tuple(split_samples(100, None, validation=0.2, test=0.0, seed=seed)[1]) for seed in range(20)}
    assert len(validations) == 20
    train, validation, test = split_samples(9, np.arange(9) % 2, validation=0.0, test=0.0, seed=0)
    assert train.tolist() == list(range(9))
    assert len(validation) == len(test) == 0


def test_a_class_of_one_sample_is_in_the_training_part() -> None:
    labels = np.array([0] * 8 + [1])
    for seed in range(30):
        assert 8 in split_samples(9, labels, validation=0.4, test=0.4, seed=seed)[0]


def test_shares_are_exact_decimals() -> None:
    assert [len(part) for part in split_samples(30, None, validation=0.1, test=0.7, seed=0)] == [6, 3, 21]
    assert [len(part) for part in split_samples(1797, None, validation=0.2, test=0.0, seed=0)] == [1438, 359, 0]


def test_sizes_read_well_and_memory_is_known_here() -> None:
    assert [size_text(size) for size in (5, 1536, 5 * 2**20, 2**36)] == ["5 bytes", "1.5 KiB", "5.0 MiB", "64.0 GiB"]
    assert memory_left() > 2**20
