"""Each explanation on a network where the right answer is known."""

import pytest
import torch
from torch import Tensor, nn

from engine.runtime.after_training.explanations.grad_cam import grad_cam
from engine.runtime.after_training.explanations.gradients import input_gradients
from engine.runtime.after_training.explanations.importance import permutation_importance
from engine.runtime.after_training.explanations.occlusion import occlusion

SPOT = (slice(8, 12), slice(20, 24))


class Spotter(nn.Module):
    """One channel is the image, the other its negative; the score is the mean of the first after a ReLU in place."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 1, bias=False)
        self.relu = nn.ReLU(inplace=True)
        with torch.no_grad():
            self.conv.weight.copy_(torch.tensor([1.0, -1.0]).view(2, 1, 1, 1))

    def forward(self, image: Tensor) -> Tensor:
        return self.relu(self.conv(image))[:, 0].mean(dim=(1, 2))


@pytest.fixture
def image() -> Tensor:
    """A bright square on black."""
    image = torch.zeros(1, 32, 32)
    image[0][SPOT] = 1.0
    return image


def inside(heat: Tensor) -> float:
    """The share of the heat that is in the square."""
    return float(heat[SPOT].sum() / heat.sum())


def test_grad_cam_finds_the_place_that_the_score_is_made_of(image: Tensor) -> None:
    network = Spotter()
    heat = grad_cam(network, network.conv, image)
    assert heat.shape == (32, 32)
    assert heat.max() == 1
    assert inside(heat) == 1


def test_grad_cam_of_what_speaks_against_the_score_is_empty(image: Tensor) -> None:
    network = Spotter()
    assert grad_cam(lambda batch: -network(batch), network.conv, image).sum() == 0


def test_grad_cam_needs_a_convolution_that_takes_part(image: Tensor) -> None:
    with pytest.raises(ValueError, match="gives no images"):
        grad_cam(Spotter(), nn.Conv2d(1, 1, 1), image)


def test_grad_cam_leaves_no_hook_and_no_gradient(image: Tensor) -> None:
    network = Spotter()
    grad_cam(network, network.conv, image)
    assert not network.conv._forward_hooks
    assert network.conv.weight.grad is None


def test_input_gradients_are_the_weights_of_a_linear_score(image: Tensor) -> None:
    weights = torch.zeros(32, 32)
    weights[3, 5], weights[7, 1] = -4.0, 2.0
    heat = input_gradients(lambda batch: (batch[:, 0] * weights).sum(dim=(1, 2)), image)
    assert (heat[3, 5], heat[7, 1]) == (1.0, 0.5)
    assert heat.sum() == 1.5


def test_a_score_that_ignores_the_image_has_no_gradient(image: Tensor) -> None:
    with pytest.raises(ValueError, match="does not depend"):
        input_gradients(lambda batch: torch.ones(len(batch)), image)


def test_occlusion_finds_what_the_score_needs(image: Tensor) -> None:
    heat = occlusion(lambda batch: batch[:, 0, SPOT[0], SPOT[1]].mean(dim=(1, 2)), image, side=4, step=2, fill=0.0)
    assert heat[SPOT].min() > 0.2
    assert heat[10, 22] == 1
    far = heat.clone()
    far[4:16, 16:28] = 0
    assert far.sum() == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 40), (8, 8)])
def test_occlusion_covers_images_of_any_size(size: tuple[int, int]) -> None:
    heat = occlusion(lambda batch: batch.mean(dim=(1, 2, 3)), torch.rand(3, *size) + torch.arange(size[1]))
    assert heat.shape == size
    assert ((heat >= 0) & (heat <= 1)).all()


def test_shuffling_only_hurts_where_the_answer_comes_from() -> None:
    features = torch.randn(500, 4, generator=torch.Generator().manual_seed(1))
    target = 3 * features[:, 0] + features[:, 3]

    def error(values: Tensor) -> float:
        return float((3 * values[:, 0] + values[:, 3] - target).square().mean())

    rises = permutation_importance(error, features, [[0], [1, 2], [3]])
    assert rises[1] == 0
    # the difference of two independent draws has twice the variance of the column
    assert rises[0] == pytest.approx(9 * 2 * float(features[:, 0].var()), rel=0.1)
    assert rises[2] == pytest.approx(2 * float(features[:, 3].var()), rel=0.1)
    assert permutation_importance(error, features, [[0], [1, 2], [3]]) == rises


def test_places_of_one_column_are_shuffled_together() -> None:
    features = torch.eye(3).repeat(20, 1)

    def error(values: Tensor) -> float:
        assert (values.sum(1) == 1).all()
        return 0.0

    assert permutation_importance(error, features, [[0, 1, 2]]) == [0.0]
    with pytest.raises(ValueError, match="at least 2"):
        permutation_importance(error, features[:1], [[0]])
