"""Benchmarks, each with its peers where it has some. They measure a running system and change nothing else."""
