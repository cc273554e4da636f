"""Who calls and what they may: the five authorization types and the directives that name them."""
