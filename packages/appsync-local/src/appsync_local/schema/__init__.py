"""The schema in the AppSync dialect of SDL: scalars, directives, introspection, subscriptions."""
