-- What is reserved of a listing and of a place, allocated of a lot, brought to a hub and driven by a truck is there.
SELECT 'stock' AS of_table, stock.id::text AS id,
  format('%s are reserved, placed lines hold %s', reserved, lines.quantity) AS what
FROM stock
CROSS JOIN LATERAL (
  SELECT coalesce(sum(order_line.quantity), 0)::bigint AS quantity FROM order_line
  WHERE order_line.cycle_id = stock.cycle_id AND order_line.product_id = stock.product_id
    AND order_line.grade = stock.grade AND state = 'placed' AND in_place_of IS NULL
) AS lines
WHERE reserved <> lines.quantity
UNION ALL
SELECT 'stock', id::text, format('%s are reserved of %s', reserved, available)
FROM stock WHERE reserved > available
UNION ALL
SELECT 'cycle_place', cycle_place.cycle_id || ' ' || cycle_place.place_id,
  format('counts %s orders of %s g, placed are %s of %s g', orders, weight_g, placed.number, placed.weight)
FROM cycle_place
CROSS JOIN LATERAL (
  SELECT count(*) AS number, coalesce(sum((
    SELECT sum(order_line.weight_g) FROM order_line
    WHERE order_id = consumer_order.id AND state = 'placed' AND in_place_of IS NULL
  )), 0)::bigint AS weight
  FROM consumer_order WHERE (consumer_order.cycle_id, consumer_order.place_id) = (cycle_place.cycle_id, cycle_place.place_id)
    AND state = 'placed'
) AS placed
WHERE (orders, weight_g) IS DISTINCT FROM (placed.number, placed.weight)
UNION ALL
SELECT 'cycle_place', cycle_id || ' ' || place_id,
  format('%s orders of %s, %s g of %s', orders, capacity_orders, weight_g, capacity_g)
FROM cycle_place WHERE orders > capacity_orders OR weight_g > capacity_g
UNION ALL
SELECT 'lot', id::text, format('%s are allocated of %s', allocated, quantity)
FROM lot WHERE allocated > quantity
UNION ALL
SELECT 'lot', lot.id::text, format('the published plans send %s, %s are allocated', sent.quantity, allocated)
FROM lot
JOIN LATERAL (
  SELECT coalesce(sum(allocation.quantity), 0)::bigint AS quantity
  FROM allocation JOIN published_plan USING (plan_id) WHERE lot_id = lot.id
) AS sent ON sent.quantity <> lot.allocated
WHERE lot.state = 'offered'
UNION ALL
SELECT 'receipt', allocation_id::text, format('%s came in of %s that were sent', received, quantity)
FROM receipt JOIN allocation ON allocation.id = allocation_id
WHERE received > quantity
UNION ALL
-- Whoever changed a lot or a hub after a plan's run began is not held to by that plan; promises stand above a lower day.
SELECT 'lot', lot.id::text, format('%s leave on %s, of %s a day', leaves.quantity, collect_on, daily_capacity)
FROM (
  SELECT lot_id, collect_on, sum(taken.quantity)::bigint AS quantity, sum(coalesce(at_least, 0)) AS promised,
    min(started_at) AS started_at
  FROM (
    SELECT order_cycle.id AS cycle_id, lot_id, collect_on, started_at, sum(quantity) AS quantity
    FROM published_plan
    JOIN order_cycle ON order_cycle.id = cycle_id AND stage NOT IN ('done', 'cancelled')
    JOIN plan ON plan.id = plan_id
    JOIN plan_run ON plan_run.id = run_id
    JOIN allocation USING (plan_id)
    GROUP BY order_cycle.id, lot_id, collect_on, started_at
  ) AS taken
  LEFT JOIN pin USING (cycle_id, lot_id)
  GROUP BY lot_id, collect_on
) AS leaves
JOIN lot ON lot.id = lot_id
WHERE lot.state = 'offered' AND leaves.quantity > greatest(daily_capacity, promised) AND NOT EXISTS (
  SELECT FROM audit_entry WHERE action = 'lot.changed' AND subject = lot.id AND done_at >= leaves.started_at
)
UNION ALL
SELECT 'hub', hub.id::text, format('%s g come in on %s, of %s g', brought.intake_g, collect_on, throughput_g)
FROM (
  SELECT plan_hub.hub_id, collect_on, sum(intake_g)::bigint AS intake_g, min(started_at) AS started_at
  FROM published_plan
  JOIN order_cycle ON order_cycle.id = cycle_id AND stage NOT IN ('done', 'cancelled')
  JOIN plan ON plan.id = plan_id
  JOIN plan_run ON plan_run.id = run_id
  JOIN plan_hub USING (plan_id)
  GROUP BY plan_hub.hub_id, collect_on
) AS brought
JOIN hub ON hub.id = hub_id
WHERE brought.intake_g > throughput_g AND NOT EXISTS (
  SELECT FROM audit_entry WHERE action = 'hub.changed' AND subject = hub.id AND done_at >= brought.started_at
)
UNION ALL
SELECT 'vehicle', one.vehicle_id::text,
  format('is on two roads from %s to %s', greatest(one.depart_at, other.depart_at), least(one.return_at, other.return_at))
FROM plan_route AS one
JOIN plan_route AS other ON other.vehicle_id = one.vehicle_id AND other.id > one.id
  AND other.depart_at < one.return_at AND one.depart_at < other.return_at
JOIN published_plan AS holds ON holds.plan_id = one.plan_id
JOIN published_plan AS also ON also.plan_id = other.plan_id
JOIN order_cycle AS ours ON ours.id = holds.cycle_id AND ours.stage <> 'done'
JOIN order_cycle AS theirs ON theirs.id = also.cycle_id AND theirs.stage <> 'done'
ORDER BY 1, 2
