"""Pages that look the same to every visitor are made once, and forgotten at once when something has changed."""
