"""The info card of a node: its contents, when it appears, and where."""
