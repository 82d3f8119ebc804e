"""What stands before every page: headers for the browser, and limits on how often somebody may ask."""
