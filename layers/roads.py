"""Ways along roads: the roads as one network, and how far it is on it from place to place."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.crs import GEOD, Metric

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Geometries = NDArray[np.object_]

OFF_ROAD_M = 3_000.0
"""A place this near to a road is reached along the roads; its way to the nearest road counts straight."""
SNAP_M = 20.0
"""A road that ends this near to another one meets it: drawn roads often stop short."""
GRID_DEG = 1e-5
"""About a metre: roads nearer than this touch."""
MOST_VERTICES = 1_000_000
"""In larger layers crossings are not looked for: their roads meet only where one ends on another."""
_LEAST_KM = 1e-6
"""An edge of no length would be no edge in a sparse matrix."""
_AT_ONCE = 4_000_000
"""Distances held in memory at a time."""


class Roads:
    """Roads joined into one network, and places (sites, points of a border) joined to it.

    Roads that cross or touch are taken to meet, bridges and tunnels too. Only the largest connected part is
    the network: a road that leads to no other leads nobody anywhere. Kilometres are on the ellipsoid.
    """

    joined: Bools
    """Which places have the network within OFF_ROAD_M; for the others there is no way along the roads."""

    def __init__(self, lines: Geometries, lon: Floats, lat: Floats) -> None:
        """Lines and places in EPSG:4326; without lines no place is joined."""
        # Only a profile with roads pays for this import: it takes as long as loading the profile does.
        from scipy.sparse import csgraph  # noqa: PLC0415

        self._csgraph: Any = csgraph
        self._places = len(lon)
        self.joined = np.zeros(self._places, dtype=np.bool_)
        self._graph = _sparse(
            self._places, np.array([], dtype=np.int64), np.array([], dtype=np.int64), np.array([])
        )
        edges = _noded(lines)
        if len(edges) == 0 or self._places == 0:
            return
        km = _length_km(edges)
        tips = np.concatenate([shapely.get_coordinates(shapely.get_point(edges, end)) for end in (0, -1)])
        _, first, node = np.unique(
            np.round(tips / GRID_DEG).astype(np.int64), axis=0, return_index=True, return_inverse=True
        )
        start, end = np.split(node.reshape(-1), 2)
        nodes = len(first)
        plane = Metric(tuple(shapely.total_bounds(edges).tolist()))
        flat = plane.shapes(edges)
        short, on, short_xy = _stop_short(flat, start, end, plane.points(*tips[first].T))
        links = _sparse(nodes, np.append(start, short), np.append(end, start[on]), np.append(km, km[on]))
        part = csgraph.connected_components(links, directed=False)[1]
        network = part == np.argmax(np.bincount(part[start], weights=km))
        own = np.flatnonzero(network[start])
        place_xy = plane.points(lon, lat)
        near, at = shapely.STRtree(flat[own]).query_nearest(
            shapely.points(place_xy), max_distance=OFF_ROAD_M, all_matches=False
        )
        self.joined[near] = True
        # Places come first, then where roads meet or end, then where somebody joins a road on its way.
        keep = network[short]
        joins = np.concatenate([near, self._places + short[keep]])
        onto = np.concatenate([own[at], on[keep]])
        points = shapely.points(np.concatenate([place_xy[near], short_xy[keep]]))
        off_km = shapely.distance(points, flat[onto]) / 1000.0
        share = shapely.line_locate_point(flat[onto], points, normalized=True)
        begins = self._places + nodes
        joint = begins + np.arange(len(joins))
        on_edge = np.concatenate([own, onto, own])
        along = np.concatenate([np.zeros(len(own)), share, np.ones(len(own))])
        stop = np.concatenate([self._places + start[own], joint, self._places + end[own]])
        rank = np.repeat([0, 1, 2], [len(own), len(onto), len(own)])
        order = np.lexsort((rank, along, on_edge))
        on_edge, along, stop = on_edge[order], along[order], stop[order]
        same = np.flatnonzero(on_edge[1:] == on_edge[:-1])
        self._graph = _sparse(
            begins + len(joins),
            np.concatenate([stop[same], joins]),
            np.concatenate([stop[same + 1], joint]),
            np.concatenate([(along[same + 1] - along[same]) * km[on_edge[same]], off_km]),
        )

    def within(self, sources: Ints, targets: Ints, reach_km: float) -> tuple[Ints, Ints, Floats]:
        """Which targets lie within reach of which sources along the roads, and how far they are.

        Takes rows of places, gives indices into `sources` and into `targets`, and kilometres.
        """
        found: list[tuple[Ints, Ints, Floats]] = [
            (np.array([], np.int64), np.array([], np.int64), np.array([]))
        ]
        chunk = max(_AT_ONCE // self._graph.shape[0], 1) if self._graph.shape[0] else 1
        for first in range(0, len(sources), chunk):
            part = sources[first : first + chunk]
            km = self._csgraph.dijkstra(self._graph, indices=part, limit=reach_km)[:, targets]
            source, target = np.nonzero(km <= reach_km)
            found.append((source + first, target, km[source, target]))
        source, target, km = (np.concatenate(column) for column in zip(*found, strict=True))
        return source, target, km

    def nearest(self, sources: Ints, targets: Ints) -> tuple[Ints, Floats]:
        """For each target the nearest source along the roads, -1 where no way leads, and kilometres.

        Takes rows of places, gives rows of places; infinite kilometres where no way leads.
        """
        if len(sources) == 0:
            return np.full(len(targets), -1), np.full(len(targets), np.inf)
        km, _, source = self._csgraph.dijkstra(
            self._graph, indices=sources, min_only=True, return_predecessors=True
        )
        return np.where(np.isfinite(km[targets]), source[targets], -1), km[targets]


def _noded(lines: Geometries) -> Geometries:
    """Roads in pieces that meet only at their ends."""
    given: Any = np.asarray(lines, dtype=object)
    given = shapely.get_parts(given[~(shapely.is_missing(given) | shapely.is_empty(given))])
    if len(given) == 0:
        return np.array([], dtype=object)
    if int(shapely.get_num_coordinates(given).sum()) <= MOST_VERTICES:
        given = shapely.get_parts(shapely.union_all(given, grid_size=GRID_DEG))
    return np.asarray(given[shapely.length(given) > 0], dtype=object)


def _length_km(edges: Geometries) -> Floats:
    xy, of = shapely.get_coordinates(edges, return_index=True)
    step = np.flatnonzero(of[1:] == of[:-1])
    metres = GEOD.inv(xy[step, 0], xy[step, 1], xy[step + 1, 0], xy[step + 1, 1])[2]
    return np.asarray(np.bincount(of[step], weights=metres, minlength=len(edges)) / 1000.0)


def _stop_short(flat: Geometries, start: Ints, end: Ints, xy: Floats) -> tuple[Ints, Ints, Floats]:
    """Nodes at which a single road ends within SNAP_M of another, that other road, and where they are."""
    degree = np.bincount(np.append(start, end), minlength=len(xy))
    dead = np.flatnonzero(degree == 1)
    tips: Any = shapely.points(xy[dead])
    at, edge = shapely.STRtree(flat).query(tips, predicate="dwithin", distance=SNAP_M)
    other = (start[edge] != dead[at]) & (end[edge] != dead[at])
    at, edge = at[other], edge[other]
    order = np.lexsort((shapely.distance(tips[at], flat[edge]), at))
    at, edge = at[order], edge[order]
    nearest = np.flatnonzero(np.append(True, at[1:] != at[:-1])) if len(at) else np.array([], np.int64)
    return dead[at[nearest]], edge[nearest], xy[dead[at[nearest]]]


def _sparse(nodes: int, a: Ints, b: Ints, km: Floats) -> Any:
    """A symmetric matrix of edges; of several between two nodes the shortest."""
    from scipy.sparse import csr_array  # noqa: PLC0415

    row, column, value = np.append(a, b), np.append(b, a), np.maximum(np.append(km, km), _LEAST_KM)
    order = np.lexsort((value, column, row))
    row, column, value = row[order], column[order], value[order]
    first = np.append(True, (row[1:] != row[:-1]) | (column[1:] != column[:-1])) if len(row) else slice(0)
    return csr_array((value[first], (row[first], column[first])), shape=(nodes, nodes))
