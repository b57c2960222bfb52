"""The RSGI application that granian serves: the door, and Django behind it."""

import chotxanh.wsgi  # first: it sets Django up
from chotxanh.door.application import Door

application = Door(chotxanh.wsgi.application)
