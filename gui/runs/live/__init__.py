"""The training at work: the live panel, the training actions, and what the window shows meanwhile."""
