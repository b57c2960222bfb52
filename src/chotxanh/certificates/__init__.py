"""Certificates issued, verified and revoked."""
