"""The losses, which training minimizes, one module for what each group compares."""
