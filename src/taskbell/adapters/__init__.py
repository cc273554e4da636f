"""Adapters implement the ports with AWS services. `bootstrap` creates those of the functions, `cli.stage` those of
operators."""
