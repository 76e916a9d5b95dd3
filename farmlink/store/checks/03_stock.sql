-- What is reserved of a listing and of a place, allocated of a lot and driven by a truck never exceeds what is there.
SELECT 'stock' AS of_table, stock.id::text AS id,
  format('%s are reserved, placed lines hold %s', reserved, lines.quantity) AS what
FROM stock
CROSS JOIN LATERAL (
  SELECT coalesce(sum(order_line.quantity), 0)::bigint AS quantity FROM order_line
  WHERE order_line.cycle_id = stock.cycle_id AND order_line.product_id = stock.product_id
    AND order_line.grade = stock.grade AND state = 'placed'
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
    SELECT sum(order_line.weight_g) FROM order_line WHERE order_id = consumer_order.id AND state = 'placed'
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
SELECT 'lot', lot.id::text, format('%s leave on %s, of %s a day', sum(allocation.quantity), collect_on, daily_capacity)
FROM published_plan
JOIN order_cycle ON order_cycle.id = cycle_id
JOIN allocation USING (plan_id)
JOIN lot ON lot.id = lot_id
WHERE lot.state = 'offered'
GROUP BY lot.id, collect_on, daily_capacity HAVING sum(allocation.quantity) > daily_capacity
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
