"""Statistics: what happened at each post in each hour; a day is the sum of its hours."""
