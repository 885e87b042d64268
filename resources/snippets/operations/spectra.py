"""Spectra of signals. A complex number is a pair, its real and its imaginary part, in a new last axis."""

import torch
from torch import Tensor


def rfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str = "backward") -> Tensor:
    """The frequencies 0 to n // 2 of real numbers along ``dim``, as pairs."""
    return torch.view_as_real(torch.fft.rfft(input, n, dim, norm))


def irfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str = "backward") -> Tensor:
    """The ``n`` real numbers with these frequencies; ``dim`` is an axis before that of the pairs."""
    signal: Tensor = torch.fft.irfft(torch.complex(input[..., 0], input[..., 1]), n, dim, norm)
    return signal


def fft(
    input: Tensor,
    imag: Tensor | None = None,
    n: int | None = None,
    dim: int = -1,
    norm: str = "backward",
) -> Tensor:
    """All frequencies of real numbers along ``dim``, or with ``imag`` of complex ones, as pairs."""
    values = input if imag is None else torch.complex(input, imag)
    return torch.view_as_real(torch.fft.fft(values, n, dim, norm))


def ifft(input: Tensor, n: int | None = None, dim: int = -1, norm: str = "backward") -> Tensor:
    """The complex numbers with these frequencies, as pairs; ``dim`` is an axis before that of the pairs."""
    pairs = torch.complex(input[..., 0], input[..., 1])
    return torch.view_as_real(torch.fft.ifft(pairs, n, dim, norm))


def stft(  # noqa: PLR0913, PLR0917 (as torch takes them)
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: str = "hann",
    center: bool = True,
    normalized: bool = False,
    output: str = "magnitude",
) -> Tensor:
    """The spectra of windows along a signal (B, ..., L): (B, ..., n_fft // 2 + 1, T).

    ``output``: the ``magnitude`` of each frequency, its square, the ``power``, or ``complex`` pairs in a last axis.
    """
    length = win_length or n_fft
    weights = torch.ones(length, device=input.device)
    if window == "hann":
        weights = torch.hann_window(length, device=input.device)
    signals = input.reshape(-1, input.shape[-1])
    spectra = torch.stft(
        signals,
        n_fft,
        hop_length,
        win_length,
        weights,
        center,
        normalized=normalized,
        return_complex=True,
    )
    spectra = spectra.reshape(*input.shape[:-1], *spectra.shape[1:])
    if output == "complex":
        return torch.view_as_real(spectra)
    return spectra.abs() if output == "magnitude" else spectra.abs().square()
