"""The local system: Taskbell on this machine, with neither an AWS account nor Docker."""
