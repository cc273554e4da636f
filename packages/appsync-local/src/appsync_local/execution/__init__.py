"""The execution of operations: resolvers, batches, subscriptions; knows no HTTP and no WebSocket."""
