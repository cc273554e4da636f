"""What the APIs share: who the caller is, which forms fields have, and errors in words."""
