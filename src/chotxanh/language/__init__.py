"""What people read: one catalogue in Vietnamese and English, shared with the station, and Vietnamese formats."""
