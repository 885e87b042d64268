"""Self-attention in which several heads of queries share their keys and values."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resources.snippets.transformer.rotation import rotary_position_embedding


class GroupedQueryAttention(nn.Module):
    """Self-attention of sequences (B, T, E), in heads of queries that share fewer heads of keys and values.

    Source: Ainslie et al. 2023; Shazeer 2019 for one head of keys and values. ``rotary_base``: of the rotation of
    queries and keys, ``None`` for none. ``is_causal``: a position does not see later ones.
    Raises: ``ValueError`` for heads that do not divide.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        num_kv_heads: int,
        dropout: float = 0.0,
        bias: bool = False,
        rotary_base: float | None = None,
        is_causal: bool = False,
    ) -> None:
        super().__init__()
        if num_heads % num_kv_heads:
            raise ValueError(f"num_heads ({num_heads}) must be divisible by num_kv_heads")
        if embed_dim % num_heads:
            raise ValueError(f"embed_dim ({embed_dim}) must be divisible by num_heads")
        self.head_dim = embed_dim // num_heads
        if rotary_base is not None and self.head_dim % 2:
            raise ValueError(
                f"a rotation needs heads of an even size, and embed_dim / num_heads is {self.head_dim}"
            )
        self.dropout, self.rotary_base, self.is_causal = dropout, rotary_base, is_causal
        self.q_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        self.k_proj = nn.Linear(embed_dim, num_kv_heads * self.head_dim, bias=bias)
        self.v_proj = nn.Linear(embed_dim, num_kv_heads * self.head_dim, bias=bias)
        self.o_proj = nn.Linear(embed_dim, embed_dim, bias=bias)

    def forward(
        self, input: Tensor, attn_mask: Tensor | None = None, key_padding_mask: Tensor | None = None
    ) -> Tensor:
        """Masks are true where a key is hidden; a mask of real numbers is added to the scores."""
        query, key, value = (
            project(input).unflatten(-1, (-1, self.head_dim)).transpose(1, 2)
            for project in (self.q_proj, self.k_proj, self.v_proj)
        )
        if self.rotary_base is not None:
            query, key = (
                rotary_position_embedding(each, self.rotary_base) for each in (query, key)
            )
        has_mask = attn_mask is not None or key_padding_mask is not None
        output = F.scaled_dot_product_attention(
            query,
            key,
            value,
            attn_mask=self.visible(query, attn_mask, key_padding_mask) if has_mask else None,
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=self.is_causal and not has_mask,
            enable_gqa=True,
        )
        result: Tensor = self.o_proj(output.transpose(1, 2).flatten(2))
        return result

    def visible(
        self, query: Tensor, attn_mask: Tensor | None, key_padding_mask: Tensor | None
    ) -> Tensor:
        """One mask of both and of the future, as torch's function takes it: true, or a number, where a key is seen."""
        steps = query.shape[-2]
        hidden = torch.full((steps, steps), self.is_causal, device=query.device).triu(1)
        if key_padding_mask is not None:
            hidden = hidden | key_padding_mask[:, None, None, :]
        if attn_mask is None:
            return ~hidden
        if attn_mask.dtype == torch.bool:
            return ~(hidden | attn_mask)
        return attn_mask.masked_fill(hidden, -math.inf)
