"""Test kits: which test they are, and when their line may be read."""
