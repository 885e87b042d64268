"""The export of weights alone."""

from engine.runtime.results.source import Source


def as_safetensors(source: Source) -> bytes:
    """The weights in the format of safetensors, by parameter name. Raises: ``EngineError``."""
    from safetensors.torch import save

    return save(source.weights.weights)
