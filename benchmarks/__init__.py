"""What `replay` and `bench` run: a synthetic campaign over the real HTTP API, and measurements beside their limits."""
