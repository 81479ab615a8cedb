"""The only place that knows the order: the worker loop and its stages."""
