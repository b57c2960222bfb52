"""Administrative units of the country, of 2021 and since 01/07/2025: found by their names, followed over time."""
