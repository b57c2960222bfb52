"""PostgreSQL as this product uses it: Django's own backend, but for the indexes that nothing reads."""
