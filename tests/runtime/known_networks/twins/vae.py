"""A variational autoencoder of two dense layers on each side. Source: Kingma and Welling 2014, appendix C."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Encoder(nn.Module):
    def __init__(self, pixels: int, hidden: int, latent: int) -> None:
        super().__init__()
        self.fc = nn.Linear(pixels, hidden)
        self.fc_mean = nn.Linear(hidden, latent)
        self.fc_log_var = nn.Linear(hidden, latent)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.fc(picture.flatten(1)).tanh()
        return self.fc_mean(hidden), self.fc_log_var(hidden)


class Decoder(nn.Module):
    def __init__(self, latent: int, hidden: int, pixels: int) -> None:
        super().__init__()
        self.fc = nn.Linear(latent, hidden)
        self.fc_logits = nn.Linear(hidden, pixels)

    def forward(self, z: Tensor) -> Tensor:
        return self.fc_logits(self.fc(z).tanh()).unflatten(1, (1, 28, 28))


class VAE(nn.Module):
    """``losses``: the loss to minimize in each phase, for a batch of pictures."""

    def __init__(self, hidden: int = 500, latent: int = 20) -> None:
        super().__init__()
        self.enc, self.dec = Encoder(784, hidden, latent), Decoder(latent, hidden, 784)
        self.latent = latent
        self.losses = {"elbo": self.elbo}

    def elbo(self, image: Tensor) -> Tensor:
        """The negative evidence lower bound of a picture, the mean over the batch."""
        mean, log_var = self.enc(image)
        z = mean + (log_var / 2).exp() * torch.randn(len(image), self.latent)
        missed = F.binary_cross_entropy_with_logits(self.dec(z), image, reduction="sum") / len(image)
        return missed - (1 + log_var - mean**2 - log_var.exp()).sum() / (2 * len(image))

    def sample(self, count: int) -> Tensor:
        return self.dec(torch.randn(count, self.latent)).sigmoid()
