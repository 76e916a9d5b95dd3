"""Order cycles: everybody browses what is open, planners make and move them."""

from api.v1.cycles.drafts import DraftController
from api.v1.cycles.shop import ShopController
from api.v1.cycles.stages import StageController

controllers = [ShopController, DraftController, StageController]
