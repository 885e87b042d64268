"""The page that shows the generated source while the project is edited."""
