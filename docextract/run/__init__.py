"""A whole run: plan, find, hand out to workers, sum up. The only place that knows the order."""
