"""Discovery: which plugins there are, what is in them, whether they may run, and loading them one by one."""
