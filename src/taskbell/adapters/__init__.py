"""Adapters implement the ports with AWS services. `bootstrap` and, for operators, `cli.stage` create them."""
