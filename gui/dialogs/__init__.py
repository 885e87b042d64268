"""The dialogs that the menus open: new project, export, settings, shortcuts, about; and the welcome."""
