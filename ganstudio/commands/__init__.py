"""The commands of the command line, a file for each family of them; ``ganstudio.cli`` joins them."""
