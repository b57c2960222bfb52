"""What the test said: results, corrections, recollection."""
