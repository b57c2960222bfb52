"""What is written while people look: how often somebody asks, who looked at whom, when a device was last heard.

On SQLite one writer holds the whole file, and recording may hold it for seconds; so these tables lie in a second file
beside the first (`router.py`), and looking never waits for recording. It is one file, not one that lasts and one that
may be lost: in WAL mode with `synchronous` NORMAL a commit waits for no disk and nothing can be damaged, so the
throttle costs as little, and the access log survives every end of a process. Only where the power fails may the looks
of the last seconds be missing. On PostgreSQL they are ordinary tables; that of the throttle is unlogged.
"""
