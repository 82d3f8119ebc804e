"""The part of the launcher that runs in the portal's own environment: it may import CKAN, the rest may not."""
