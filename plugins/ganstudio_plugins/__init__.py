"""The built-in plugins. They see ``ganstudio.api`` alone, and come in by the door of all."""
