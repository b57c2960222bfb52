"""Chốt Xanh: the platform a health department runs to keep its roads open during an outbreak."""
