"""Lambda functions that process changes of tasks. Events are delivered at least once; every step is idempotent."""
