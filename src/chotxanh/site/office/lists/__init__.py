"""Lists by sheet: a template that is downloaded, sent in filled, looked over, and recorded row by row."""
