"""An API to test with, its fakes, and a client without sockets."""
