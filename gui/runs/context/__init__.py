"""What all panels about runs share: the shown run, its progress, its gradients, and changes since it was started."""
