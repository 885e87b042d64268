"""The card about a node: what it says, when it shows, and where there is room for it."""
