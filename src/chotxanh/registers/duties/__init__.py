"""Duty numbers: whom to call for a facility, a site, a locality or the whole province."""
