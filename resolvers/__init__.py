"""The front door: AppSync calls these Lambda functions for the fields of the API. Parse, call, shape; nothing else."""
