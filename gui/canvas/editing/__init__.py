"""What keys, menus and buttons do to the shown graph, each one step of the history."""
