"""Logic only: three-valued, interval-aware conditions, effects, explanation."""
