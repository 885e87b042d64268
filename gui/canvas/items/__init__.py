"""What the scene is made of: nodes, wires, frames and notes, each painted by its own item."""
