"""The problems of the project, with their places and fixes."""
