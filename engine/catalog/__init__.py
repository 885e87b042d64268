"""The declarations of all parts of a project: layers, losses, metrics, optimizers, schedules, data, transforms."""
