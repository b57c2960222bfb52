"""The screenshots of the documents: a private demonstration, a real browser, the whole road."""
