"""Planning: runs that planners start, watch and cancel, and the plans that come of them."""

from api.v1.planning.edits import EditController
from api.v1.planning.holds import HoldController
from api.v1.planning.plans import PlanController
from api.v1.planning.runs import RunController

controllers = [RunController, PlanController, EditController, HoldController]
