"""Where it goes: placement, atomic writes, JSON, YAML, sidecars."""
