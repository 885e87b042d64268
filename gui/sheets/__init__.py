"""Dialogs with a purpose of their own, which the window opens from its menus."""
