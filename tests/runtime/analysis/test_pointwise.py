"""Pointwise results have the shape and type that torch gives on the processor."""

import pytest
import torch
from torch import Tensor

from engine.catalog.index import layers
from engine.runtime.analysis.build import FLOAT, INT, SAMPLES, Refusal, Result, Spec, try_layer
from engine.runtime.analysis.pointwise import meta_result

aten = torch.ops.aten
POINTWISE = [
    (aten.relu.default, ()),
    (aten.gelu.default, ()),
    (aten.leaky_relu.default, (0.1,)),
    (aten.isnan.default, ()),
    (aten.logical_not.default, ()),
    (aten.sqrt.default, ()),
    (aten.add.Tensor, (1,)),
    (aten.add.Tensor, (1.5,)),
    (aten.mul.Tensor, (True,)),
    (aten.eq.Scalar, (2,)),
    (aten.pow.Tensor_Scalar, (2,)),
    (aten.pow.Tensor_Scalar, (2.0,)),
    (aten.hardtanh.default, (0, 6)),
]
FORMS = [torch.rand(3, 4, 5), torch.rand(2, 6).t(), torch.rand(4, 1).expand(4, 3), torch.rand(0, 3), torch.rand(())]


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.bool], ids=str)
@pytest.mark.parametrize(("func", "settings"), POINTWISE, ids=str)
def test_a_pointwise_operator_gives_the_form_it_has_on_the_processor(func, settings, dtype: torch.dtype):
    for tensor in (form.to(dtype) for form in FORMS):
        try:
            real = func(tensor, *settings)
        except (RuntimeError, NotImplementedError):
            continue  # not for numbers of this type
        result = meta_result(func, (tensor.to("meta"), *settings), {})
        assert isinstance(result, Tensor)
        assert (result.device.type, result.shape, result.dtype) == ("meta", real.shape, real.dtype)


def test_equal_numbers_of_other_types_give_other_results():
    tensor = torch.ones(2, dtype=torch.int64, device="meta")
    types = [meta_result(aten.add.Tensor, (tensor, number), {}).dtype for number in (1, 1.0, True)]
    assert types == [torch.int64, torch.float32, torch.int64]


def test_what_changes_a_tensor_or_takes_several_is_left_to_torch():
    tensor = torch.ones(2, 3, device="meta")
    assert meta_result(aten.relu_.default, (tensor,), {}) is None
    assert meta_result(aten.add.Tensor, (tensor, tensor), {}) is None
    assert meta_result(aten.sum.default, (tensor,), {}) is None


NORMS = {"BatchNorm1d": (SAMPLES, 6, 5), "BatchNorm2d": (SAMPLES, 6, 5, 4), "BatchNorm3d": (SAMPLES, 6, 5, 4, 3)}


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("kind", NORMS)
def test_a_batch_norm_keeps_the_form_of_what_it_is_made_for_and_refuses_the_rest(kind: str, *, affine: bool):
    inputs = {"input": Spec(NORMS[kind], FLOAT)}
    result = try_layer(layers()[kind], {"num_features": 6, "affine": affine}, inputs)
    assert isinstance(result, Result)
    assert result.outputs == (inputs["input"],)
    assert result.parameters == (12 if affine else 0)
    assert isinstance(try_layer(layers()[kind], {"num_features": 7, "affine": affine}, inputs), Refusal)


@pytest.mark.parametrize("func", [aten.relu.default, aten.gelu.default, aten.neg.default], ids=str)
def test_what_the_processor_refuses_is_refused(func):
    tensor = torch.ones(3, dtype=torch.bool)
    with pytest.raises((RuntimeError, NotImplementedError)) as real:
        func(tensor)
    with pytest.raises(type(real.value)):
        meta_result(func, (tensor.to("meta"),), {})


def test_a_layer_for_real_numbers_refuses_the_others():
    assert isinstance(try_layer(layers()["GELU"], {}, {"input": Spec((SAMPLES, 3), INT)}), Refusal)
