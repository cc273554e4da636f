"""Adapters implement the ports with AWS services, one module per service. `bootstrap` creates them."""
