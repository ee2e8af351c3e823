"""The layers and the live sites as OGC API Features, so that QGIS and its like open them by address."""
