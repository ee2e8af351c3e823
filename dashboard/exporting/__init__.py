"""A layer with its state as a file for other programs: GeoPackage with its style inside, GeoJSON, CSV."""
