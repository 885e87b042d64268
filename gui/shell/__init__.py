"""The window around the panels: how it starts, which panels it has, where they are, menus, toolbar and status bar."""
