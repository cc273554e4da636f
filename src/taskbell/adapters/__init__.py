"""The ports, kept with AWS. Each module speaks with one service; `bootstrap` puts them together."""
