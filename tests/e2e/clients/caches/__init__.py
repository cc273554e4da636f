"""Normalised caches that are not ours, with the code of docs/how-to/caches.md, against the local system."""
