"""People, kills and faults on a running system, and what holds when it has come to rest."""
