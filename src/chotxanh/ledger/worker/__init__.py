"""What is done after recording: errands, daily jobs, and the deferred level."""
