"""`python -m dashboard` is `threeline`."""

from dashboard.cli import main

main()
