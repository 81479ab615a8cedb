"""Public kit for users' own tests: a fake endpoint, document makers."""
