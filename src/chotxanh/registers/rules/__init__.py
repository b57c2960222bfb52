"""Rules that say until when a result holds, as the office enacts them."""
