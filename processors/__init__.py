"""Lambda functions for what happens after a task was written. Messages arrive twice, and steps are cut off anywhere."""
