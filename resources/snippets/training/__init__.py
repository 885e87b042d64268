"""What a training step and its loop are made of: order and batches, phases, schedules, metrics, the best epoch."""
