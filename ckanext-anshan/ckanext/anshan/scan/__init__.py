"""The content scanner: personal data, secrecy marks, secrets, re-identification (art. 28, 30).

Plain Python with no CKAN in it: an agency runs it alone on a file at its own desk.
"""
