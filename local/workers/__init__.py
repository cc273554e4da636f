"""Code that runs inside a function's process on the local AWS."""
