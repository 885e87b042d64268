"""A deep convolutional GAN, for pictures of 28x28. Source: Radford et al. 2016."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Generator(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.ConvTranspose2d(100, 2 * width, 7, bias=False)
        self.bn1 = nn.BatchNorm2d(2 * width)
        self.conv2 = nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1, bias=False)

    def forward(self, z: Tensor) -> Tensor:
        x = self.bn1(self.conv1(z)).relu()
        x = self.bn2(self.conv2(x)).relu()
        return self.conv3(x).tanh()


class Discriminator(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 4, stride=2, padding=1, bias=False)
        self.conv2 = nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(2 * width)
        self.conv3 = nn.Conv2d(2 * width, 1, 7, bias=False)

    def forward(self, picture: Tensor) -> Tensor:
        x = F.leaky_relu(self.conv1(picture), 0.2)
        return self.conv3(F.leaky_relu(self.bn2(self.conv2(x)), 0.2))


class DCGAN(nn.Module):
    """``losses``: the loss to minimize in each phase, for a batch of pictures."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.gen, self.disc = Generator(width), Discriminator(width)
        self.losses = {"discriminator": self.discriminator, "generator": self.generator}

    def discriminator(self, image: Tensor) -> Tensor:
        real, fake = self.disc(image), self.disc(self.sample(len(image)))
        loss = F.binary_cross_entropy_with_logits
        return loss(real, torch.full_like(real, 0.9)) + loss(fake, torch.zeros_like(fake))

    def generator(self, image: Tensor) -> Tensor:
        fake = self.disc(self.sample(len(image)))
        return F.binary_cross_entropy_with_logits(fake, torch.ones_like(fake))

    def sample(self, count: int) -> Tensor:
        return self.gen(torch.randn(count, 100, 1, 1))
