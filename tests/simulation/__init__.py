"""The whole pipeline in one process, with a virtual clock, and faults that a seed decides.

`python -m tests.simulation` runs seeds, replays and shrinks one, and shows that mutants are found.
"""
