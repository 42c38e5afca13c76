"""One script per mail client; each runs alone as `python3 -m clients.NAME`."""
