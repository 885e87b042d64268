"""The form of the training: optimizers, LR schedules, phases."""
