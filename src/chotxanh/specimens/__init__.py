"""Tubes, pools and who is in them."""
