"""The template: which API it describes, read strictly, every feature that is not supported by its name."""
