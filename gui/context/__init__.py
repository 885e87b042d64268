"""What all panels of a window share: the open project, what is known of it, actions, preferences, messages."""
