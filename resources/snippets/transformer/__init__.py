"""Parts of transformers that torch lacks."""
