"""What the board costs a browser: `python -m benchmarks.web`."""
