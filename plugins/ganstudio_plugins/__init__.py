"""The built-in plugins. They see ``ganstudio.api`` alone, and come in through the same entry points as any."""
