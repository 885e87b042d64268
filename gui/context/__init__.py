"""The objects that all panels of a window share: document, results, actions, preferences, notices."""
