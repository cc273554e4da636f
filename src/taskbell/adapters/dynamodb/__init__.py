"""Adapters for DynamoDB: tasks, events, statistics, profiles and notifications in one table."""
