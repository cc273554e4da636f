"""The operator's door: the command `taskbell`, which looks at a stage and puts back what fell out of it.

It reads what the pipeline left behind (items, executions, dead letters) with the operator's own AWS credentials, on the
local system or on a deployed stage. Nothing here runs in Lambda.
"""
