"""Feed-forward networks of which each token uses a few."""

import torch
from torch import Tensor, nn

ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU}


class MixtureOfExperts(nn.Module):
    """A router sends each vector (..., E) to ``top_k`` of the experts, whose results are added up by its weights.

    Source: Shazeer et al. 2017; Fedus et al. 2022 for the second result, the load balance: the number of experts times
    the sum of each one's share of the vectors and its mean probability. It is 1 where all are used alike, and larger
    elsewhere. The weights of several experts add up to 1; that of a single one is its probability, by which the router
    learns.
    Raises: ``ValueError`` where ``top_k`` is more than there are.
    """

    def __init__(
        self,
        embed_dim: int,
        hidden_dim: int,
        num_experts: int,
        top_k: int = 2,
        activation: str = "gelu",
    ) -> None:
        super().__init__()
        if top_k > num_experts:
            raise ValueError(f"top_k is {top_k}, but there are only {num_experts} experts")
        self.top_k = top_k
        self.router = nn.Linear(embed_dim, num_experts, bias=False)
        self.experts = nn.ModuleList(
            nn.Sequential(
                nn.Linear(embed_dim, hidden_dim),
                ACTIVATIONS[activation](),
                nn.Linear(hidden_dim, embed_dim),
            )
            for _ in range(num_experts)
        )

    def forward(self, input: Tensor) -> tuple[Tensor, Tensor]:
        tokens = input.flatten(end_dim=-2)
        probabilities = self.router(tokens).softmax(dim=-1)
        weights, best = probabilities.topk(self.top_k, dim=-1)
        if self.top_k > 1:
            weights = weights / weights.sum(dim=-1, keepdim=True)
        uses = nn.functional.one_hot(best, len(self.experts)).sum(dim=1).to(probabilities.dtype)
        balance = (
            len(self.experts) * (uses.mean(dim=0) / self.top_k * probabilities.mean(dim=0)).sum()
        )
        return self.combined(tokens, weights, best).reshape(input.shape), balance

    def combined(self, tokens: Tensor, weights: Tensor, best: Tensor) -> Tensor:
        """The weighted sum of what the best experts make of each token."""
        if tokens.is_meta:  # which tokens an expert gets depends on their values
            result: Tensor = self.experts[0](tokens.repeat(self.top_k, 1))[: len(tokens)]
            return result
        result = torch.zeros_like(tokens)
        for number, expert in enumerate(self.experts):
            token, place = torch.where(best == number)
            result = result.index_add(0, token, expert(tokens[token]) * weights[token, place, None])
        return result
