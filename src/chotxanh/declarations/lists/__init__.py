"""Many people declared at once by a sheet: its columns, what each row says, and recording the good ones."""
