"""The door of the server: takes bodies in before anybody waits for them, and says 503 beyond a stated load.

granian gives each request to one coroutine here (RSGI). A body is read by the event loop, with a length and a deadline,
so whoever stalls keeps a connection and no thread. Then the request queues for one of the threads that run Django: by
the network it comes from, each in turn, so that a crowd behind one address waits behind itself; photos have one thread
of their own. Why not WSGI: docs/adr/0028-a-door-before-the-threads.md.
"""
