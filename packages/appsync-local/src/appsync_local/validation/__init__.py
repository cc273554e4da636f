"""What a document must keep to before it is executed: rules, depth, complexity, and the messages of AppSync."""
