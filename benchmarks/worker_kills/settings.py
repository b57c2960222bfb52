"""The product's settings with the campaign's application beside it."""

from chotxanh import settings as product

globals().update({name: getattr(product, name) for name in dir(product) if name.isupper()})
INSTALLED_APPS = [*product.INSTALLED_APPS, "benchmarks.worker_kills"]
