"""The ports that the table keeps: tasks, events, statistics, profiles and notifications."""
