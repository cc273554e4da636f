"""`python -m operate` is the command `taskbell`."""

from operate.cli import app

app(prog_name="taskbell")
