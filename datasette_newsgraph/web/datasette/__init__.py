"""What the plugin has to know of Datasette itself: its two lines, its requests, what it replaces."""
