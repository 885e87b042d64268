"""Every action of the window in one table, and menus made from it."""
