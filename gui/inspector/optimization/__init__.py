"""The parts of the form of the training for several optimizers and several LR schedules."""
