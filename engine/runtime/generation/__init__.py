"""The ways to generate that `engine.catalog.generators` declares."""
