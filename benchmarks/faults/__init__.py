"""What `./chotxanh faults` runs: traffic that never gives up, something that breaks under it, and what was lost."""
