"""How the user says it: the job, from flags, environment and job.toml."""
