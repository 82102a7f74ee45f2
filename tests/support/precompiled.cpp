// Carries the precompiled header set that every target reuses; it has no code of its own.
