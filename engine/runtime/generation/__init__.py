"""The ways to generate that `engine.catalog.generation_kinds` declares."""
