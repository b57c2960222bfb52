"""What can be chosen in a declaration, as `docs/protocol.md` lists it, in the order people read it."""

SEXES = ("male", "female", "other")
CATEGORIES = ("goods_driver", "coach_passenger", "other")
VEHICLE_CLASSES = ("truck", "coach", "car", "motorbike", "none")
DIRECTIONS = ("in", "out", "through")
NONE_OF_THESE = "none"
ROAD_UNKNOWN = "unknown"
UNIT_SUFFIX = "_unit"  # of the box beside a place that holds which unit it is
