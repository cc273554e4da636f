"""Tasks, the events of their changes, recurrence, and the workflow's decisions.

The domain knows neither AWS, nor an API, nor the clock: times and ids are arguments. It uses the standard library
only and imports no other part of the package.
"""
