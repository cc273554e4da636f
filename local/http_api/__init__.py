"""API Gateway's HTTP API, emulated: routes, authorizers and integrations of the compiled template.

Not supported: access logs, custom domains, stages other than `$default`.
"""
