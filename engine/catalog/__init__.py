"""Everything a graph can be made of, declared once: layers, losses, metrics, optimizers, schedules, data, transforms."""
