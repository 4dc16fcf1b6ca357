"""The session: what the window steers. QtCore alone; widgets know it, it knows no widget."""
