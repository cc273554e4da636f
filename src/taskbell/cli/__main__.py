"""`python -m taskbell.cli` is the command `taskbell`."""

from taskbell.cli import main

main()
