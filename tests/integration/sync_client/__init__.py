"""Tests of the reference sync client by itself."""
