"""Who is asked: the OpenAI-compatible client, profiles as data, limits, faults."""
