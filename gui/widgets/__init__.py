"""Small widgets that any panel may use."""
