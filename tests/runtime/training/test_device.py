import pytest
import torch

from engine.errors import MachineProblem
from engine.graph.model import Part, Training
from engine.runtime.checkpoints import random_state
from engine.runtime.data import prepared_samples
from engine.runtime.data.batch_loader import BatchLoader
from engine.runtime.data.read_report import Reading
from engine.runtime.device import devices, is_device_fault, is_out_of_memory, out_of_memory
from engine.runtime.placement import Placement
from engine.runtime.training.failure import explain
from engine.runtime.training.optimization import optimizer_state, restore_optimizer
from engine.runtime.training_setup.prepare import prepare
from tests.training import template, training_of

CARD = torch.device("cuda:0")


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Graphics cards as torch would list them; one named ``broken`` does not answer. Nothing runs on them."""
    names = ["A", "B"]

    def card_name(number: int) -> str:
        if names[number] == "broken":
            raise RuntimeError("CUDA error: unknown error\nCompile with `TORCH_USE_CUDA_DSA`")
        return names[number]

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: len(names))
    monkeypatch.setattr(torch.cuda, "get_device_name", card_name)
    return names


def test_the_processor_is_always_there() -> None:
    assert devices()[0].name == "cpu"
    assert Placement.of("cpu").device.type == "cpu"
    assert Placement.of("auto").device.type == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize("name", ["cuda:99", "tpu"])
def test_a_device_that_is_missing_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(MachineProblem, match=f"There is no device {name}.*cpu"):
        Placement.of(name)


@pytest.mark.parametrize(
    ("name", "expected"), [("auto", "cuda:0"), ("cuda", "cuda:0"), ("cuda:1", "cuda:1"), ("cpu", "cpu")]
)
def test_a_card_is_found_by_its_name(name: str, expected: str, cards: list[str]) -> None:
    assert str(Placement.of(name).device) == expected
    with pytest.raises(MachineProblem, match=r"no device cuda:2\. This machine has cpu, cuda:0, cuda:1\."):
        Placement.of("cuda:2")


def test_a_broken_card_leaves_the_others_and_the_processor(cards: list[str]) -> None:
    cards[0] = "broken"
    assert [device.text for device in devices()[1:]] == ["does not answer: CUDA error: unknown error", "B"]
    assert Placement.of("cpu").device.type == "cpu"


@pytest.mark.parametrize(
    "message",
    [
        "CUDA error: out of memory",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
    ],
)
def test_every_word_for_too_little_memory_is_known(message: str) -> None:
    assert is_out_of_memory(RuntimeError(message))


def test_a_card_that_gave_up_is_no_fault_of_ours(tmp_path) -> None:
    error = RuntimeError("CUDA error: device-side assert triggered\nCUDA kernel errors might be reported later")
    assert is_device_fault(error)
    assert not is_out_of_memory(error)
    wrong = explain(error, prepare(template("gate-and"), tmp_path), CARD)
    assert isinstance(wrong, MachineProblem)
    assert wrong.message.startswith("The device cuda:0 failed: CUDA error: device-side assert triggered")
    assert "--device cpu" in wrong.hint


def test_the_problem_of_samples_that_do_not_fit_on_a_card_has_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    part = prepared_samples.Part({"image": torch.zeros(4, 256)}, torch.arange(4))
    data = prepared_samples.LoadedData(
        part, part, part, {}, {}, (), (), (), prepared_samples.LoadedSamples({}), Reading(4), 4
    )

    def no_room(_values: torch.Tensor, _device: torch.device) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 4.00 KiB.")

    monkeypatch.setattr(torch.Tensor, "to", no_room)
    with pytest.raises(MachineProblem, match=r"cuda:0 has no room for 4\.0 KiB of samples"):
        BatchLoader(data, Training(), {"image"}, CARD)


def test_the_state_of_a_cards_random_numbers_goes_back_to_that_card(monkeypatch: pytest.MonkeyPatch) -> None:
    state, put = torch.arange(16, dtype=torch.uint8), []
    monkeypatch.setattr(torch.cuda, "get_rng_state", lambda device: state if device == CARD else None)
    monkeypatch.setattr(torch.cuda, "set_rng_state", lambda value, device: put.append((value, device)))

    states = random_state.capture(CARD)
    random_state.restore(states, torch.device("cpu"))
    assert put == []
    random_state.restore(states, CARD)

    assert states["cuda"] is state
    assert put == [(state, CARD)]
    assert set(random_state.capture(torch.device("cpu"))) == {"cpu"}


def optimizer_of(kind: str, device: str = "cpu") -> torch.optim.Optimizer:
    weights = torch.nn.ParameterList([torch.ones(3, device=device)])
    return training_of(template("iris-mlp", optimizer=Part(kind)), weights).optimizer


@pytest.mark.parametrize("kind", ["SGD", "Adam", "AdamW", "Adagrad"])
def test_a_fused_kernel_is_used_where_every_torch_has_it(kind: str) -> None:
    assert optimizer_of(kind).param_groups[0]["fused"]


def test_a_fused_kernel_is_not_used_on_a_device_for_which_some_torch_has_none() -> None:
    assert not optimizer_of("Adagrad", "meta").param_groups[0]["fused"]


def test_an_optimizer_that_moves_to_another_device_keeps_that_devices_kernel() -> None:
    before, after = optimizer_of("Adagrad"), optimizer_of("Adagrad")
    (first,), (second,) = before.param_groups[0]["params"], after.param_groups[0]["params"]
    first.grad = torch.ones(3)
    after.param_groups[0]["fused"] = None
    before.step()
    restore_optimizer(after, {second: "w"}, *optimizer_state(before, {first: "w"}))
    assert after.param_groups[0]["fused"] is None
    assert torch.equal(after.state[second]["sum"], before.state[first]["sum"])


def test_a_failed_allocation_is_known_on_any_device() -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.empty(1 << 60, dtype=torch.uint8)
    assert is_out_of_memory(raised.value)
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory."))
    assert not is_out_of_memory(RuntimeError("shapes cannot be multiplied"))
    assert "--batch-size 32" in out_of_memory(torch.device("cpu"), 64).hint
    assert torch.get_num_threads() == 1
