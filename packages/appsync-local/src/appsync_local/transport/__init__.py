"""HTTP and WebSocket over ASGI, which web pages may call, and a server."""
