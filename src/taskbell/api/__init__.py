"""What the front doors share: who asks, what may come in, and how a refusal is put into words."""
