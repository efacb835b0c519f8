"""The minimum cut of a graph in whole numbers (Stoer and Wagner 1997), for the auditor."""

import heapq
from collections import defaultdict
from collections.abc import Mapping


def minimum_cut(edges: Mapping[tuple[int, int], int], limit: int, *, apart: int) -> tuple[frozenset[int], int]:
    """The smallest cut of a connected graph if it is below `limit`: the side without the node `apart`, and its weight.

    Otherwise no nodes and `limit`. Stoer and Wagner's algorithm; nodes between which more flows than the best cut yet
    are joined as soon as the order of a phase shows it (Nagamochi, Ono and Ibaraki 1994).
    """
    graph: dict[int, dict[int, int]] = defaultdict(dict)
    for (one, other), weight in edges.items():
        graph[one][other] = graph[other][one] = graph[one].get(other, 0) + weight
    inside = {node: {node} for node in graph}
    best, side = limit, frozenset[int]()
    while len(graph) > 1:
        order, keys = _phase(graph)
        if keys[-1] < best:
            best, side = keys[-1], frozenset(inside[order[-1]])
        together = [place for place in range(1, len(order)) if place == len(order) - 1 or keys[place] >= best]
        for place in reversed(together):
            # The key of a node is a lower bound of what flows between it and the one before it in the order.
            _join(graph, inside, order[place - 1], order[place])
    everything = {node for edge in edges for node in edge}
    return (frozenset(everything - side) if apart in side else side), best


def _phase(graph: Mapping[int, Mapping[int, int]]) -> tuple[list[int], list[int]]:
    """The nodes in the order of their weight to those before them, and these weights."""
    order, keys = [], []
    weight = dict.fromkeys(graph, 0)
    heap = [(0, node) for node in graph]
    heapq.heapify(heap)
    while heap:
        key, node = heapq.heappop(heap)
        if weight.get(node) != -key:
            continue
        order.append(node)
        keys.append(weight.pop(node))
        for other, edge in graph[node].items():
            if other in weight:
                weight[other] += edge
                heapq.heappush(heap, (-weight[other], other))
    return order, keys


def _join(graph: dict[int, dict[int, int]], inside: dict[int, set[int]], kept: int, gone: int) -> None:
    for other, weight in graph.pop(gone).items():
        del graph[other][gone]
        if other != kept:
            graph[kept][other] = graph[other][kept] = graph[kept].get(other, 0) + weight
    inside[kept] |= inside.pop(gone)
