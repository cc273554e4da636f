"""Lambda functions that AppSync calls for the fields of the API. Parse, call, shape; nothing else."""
