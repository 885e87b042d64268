"""The window: what a person sees. Never imports torch."""
