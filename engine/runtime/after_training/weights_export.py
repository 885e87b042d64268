"""The export of weights alone."""

from engine.runtime.after_training.export_source import ExportSource


def as_safetensors(source: ExportSource) -> bytes:
    """The weights in the format of safetensors, by parameter name. Raises: ``EngineError``."""
    from safetensors.torch import save

    return save(source.weights.weights)
