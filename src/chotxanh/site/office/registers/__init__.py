"""The office's registers: who and what may, kept as dated entries by leads of the whole province."""
