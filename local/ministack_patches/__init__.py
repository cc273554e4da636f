"""What is put right about ministack in its own process; by .venv-aws' interpreter, with the standard library alone."""
