import pytest
import torch

from engine.errors import MachineProblem
from engine.runtime.device import devices, find_device, is_out_of_memory, out_of_memory
from engine.runtime.training.threads import candidates, probe


def test_the_processor_is_always_there() -> None:
    assert devices()[0].name == "cpu"
    assert find_device("cpu").type == "cpu"
    assert find_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize("name", ["cuda:99", "tpu"])
def test_a_device_that_is_missing_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(MachineProblem, match=f"There is no device {name}.*cpu"):
        find_device(name)


def test_a_failed_allocation_is_known_on_any_device() -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.empty(1 << 60, dtype=torch.uint8)
    assert is_out_of_memory(raised.value)
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory."))
    assert not is_out_of_memory(RuntimeError("shapes cannot be multiplied"))
    assert "--batch-size 32" in out_of_memory(torch.device("cpu"), 64).hint


def test_the_trial_of_threads_leaves_their_number_alone() -> None:
    assert candidates(6) == (1, 2, 4, 6)
    assert probe(lambda: None, most=4) == 1
    assert torch.get_num_threads() == 1
