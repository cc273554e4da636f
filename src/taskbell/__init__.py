"""Taskbell: an event-driven task manager for students."""
