"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from chotxanh.storage.postgresql.patience import PATIENCE

# Nearly all that a request leaves is freed at once; to look for the rest every 700 objects cost a twelfth of a page.
COLLECT_EVERY = (10_000, 20, 20)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chotxanh.settings")

application = get_wsgi_application()
PATIENCE.expect()
gc.set_threshold(*COLLECT_EVERY)
gc.freeze()  # what was loaded once stays, and need not be looked through again
