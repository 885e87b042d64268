"""What the panels that show runs share: the run that is shown, its progress, its activity, changes since."""
