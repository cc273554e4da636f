"""The pages of `web/` in a real browser, against the whole local system."""
