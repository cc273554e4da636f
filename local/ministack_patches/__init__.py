"""Patches for ministack, applied in its process; .venv-aws' interpreter, standard library only."""
