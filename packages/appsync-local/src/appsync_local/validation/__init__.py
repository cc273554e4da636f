"""Validation of documents: rules, depth, complexity, and AppSync's messages."""
