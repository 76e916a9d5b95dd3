"""What plans published before 0016 bring to hubs, so that plans beside them leave it room.

Counted as the solver does, from the trips: goods come in at the hub that fetched them and, where another one's truck
brings them on, there too. Hauled goods that went on as parcels count at the first hub only: rows do not tell the other.
"""

from alembic import op

revision = "0017_room_of_earlier_plans"
down_revision = "0016_plans_beside_each_other"


def upgrade() -> None:
    op.execute("""INSERT INTO plan_hub (plan_id, hub_id, intake_g)
WITH live AS (
  SELECT plan_id FROM published_plan JOIN order_cycle ON order_cycle.id = cycle_id
  WHERE stage NOT IN ('done', 'cancelled')
    AND NOT EXISTS (SELECT FROM plan_hub WHERE plan_hub.plan_id = published_plan.plan_id)
), call AS (
  SELECT DISTINCT plan_id, phase, place_id, vehicle.hub_id
  FROM live
  JOIN plan_route USING (plan_id)
  JOIN plan_stop ON route_id = plan_route.id
  JOIN vehicle ON vehicle.id = vehicle_id
  WHERE phase <> 'line-haul'
), moved AS (
  SELECT allocation.plan_id, fetched.hub_id AS source, coalesce(brought.hub_id, fetched.hub_id) AS target,
    allocation.quantity * unit_weight_g AS weight_g
  FROM live
  JOIN allocation USING (plan_id)
  JOIN lot ON lot.id = lot_id
  JOIN product ON product.id = lot.product_id
  JOIN batch ON batch.id = batch_id
  JOIN call AS fetched
    ON (fetched.plan_id, fetched.phase, fetched.place_id) = (allocation.plan_id, 'collection', lot.farm_id)
  LEFT JOIN call AS brought
    ON (brought.plan_id, brought.phase, brought.place_id) = (allocation.plan_id, 'delivery', batch.place_id)
)
SELECT plan_id, hub_id, CAST(sum(weight_g) AS bigint) FROM (
  SELECT plan_id, source AS hub_id, weight_g FROM moved
  UNION ALL
  SELECT plan_id, target, weight_g FROM moved WHERE target <> source
) AS intake
GROUP BY plan_id, hub_id HAVING sum(weight_g) > 0
""")


def downgrade() -> None:
    pass  # what was counted is true before as after
