"""The metrics, which are reported and not trained on, one module for what each group measures."""
