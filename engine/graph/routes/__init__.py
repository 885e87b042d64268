"""The routes of wires: around nodes, each in a lane of its own, computed from positions alone."""

from engine.graph.routes.chips import Chips
from engine.graph.routes.geometry import Box, Line, Near, Point
from engine.graph.routes.router import Corners, Router, length

__all__ = ["Box", "Chips", "Corners", "Line", "Near", "Point", "Router", "length"]
