"""The items of the scene: nodes, wires, frames and notes."""
