"""Small widgets to build panels from. They know nothing of runs, sessions and plugins."""
