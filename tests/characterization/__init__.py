"""Taskbell's observable behaviour as golden files; `python -m tests.characterization --update` rewrites them."""
