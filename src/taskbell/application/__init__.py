"""Use cases, and the ports to what they need. It imports the domain only."""
