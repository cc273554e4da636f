"""The component tests of the pages, run by their own runner."""
