"""The RSGI application that granian serves: the door, and Django behind it."""

import sys

import chotxanh.wsgi  # first: it sets Django up
from chotxanh.door.application import Door

# A page gives Python's one lock away at each statement, and waits this long at most to have it back from who computes.
SWITCH_SECONDS = 0.001

sys.setswitchinterval(SWITCH_SECONDS)
application = Door(chotxanh.wsgi.application)
