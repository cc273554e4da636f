"""What outsiders see of Taskbell, as golden files: `python -m tests.characterization --update` writes them anew."""
