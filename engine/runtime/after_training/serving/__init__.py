"""A network that answers programs on this machine over HTTP."""
