"""Icons, presets and the embedded data set: files, no code."""
