"""What both APIs share: the caller's identity, types of fields, and messages of validation errors."""
