"""Generators and linters that are not ours, over the schema for tools and the documentation's examples."""
