"""The ports of the heart, kept with AWS. Each module speaks with one service; `wiring` puts them together."""
