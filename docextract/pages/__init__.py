"""A file becomes pages: structure, pixels and declared text, all made in killable child processes."""
