"""Posts: places of work, such as a checkpoint's lane, a campaign's table, a clinic's desk, a laboratory's bench."""
