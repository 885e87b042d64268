"""The panel of settings: of the selected nodes, of a wire, or of the project, made from declarations."""
