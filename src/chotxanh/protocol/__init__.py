"""What nodes say to each other: the envelope of an entry, the kinds, JSON over HTTP."""
