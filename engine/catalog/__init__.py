"""All that a project is made of, declared once: layers, losses, metrics, optimizers, schedules, data, transforms."""
