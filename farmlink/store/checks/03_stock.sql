-- What is reserved of a listing and of a point, and allocated of a lot, never exceeds what is there.
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
SELECT 'cycle_point', cycle_point.cycle_id || ' ' || cycle_point.point_id,
  format('counts %s orders of %s g, placed are %s of %s g', orders, weight_g, placed.number, placed.weight)
FROM cycle_point
CROSS JOIN LATERAL (
  SELECT count(*) AS number, coalesce(sum((
    SELECT sum(order_line.weight_g) FROM order_line WHERE order_id = consumer_order.id AND state = 'placed'
  )), 0)::bigint AS weight
  FROM consumer_order WHERE (consumer_order.cycle_id, consumer_order.point_id) = (cycle_point.cycle_id, cycle_point.point_id)
    AND state = 'placed'
) AS placed
WHERE (orders, weight_g) IS DISTINCT FROM (placed.number, placed.weight)
UNION ALL
SELECT 'cycle_point', cycle_id || ' ' || point_id,
  format('%s orders of %s, %s g of %s', orders, capacity_orders, weight_g, capacity_g)
FROM cycle_point WHERE orders > capacity_orders OR weight_g > capacity_g
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
ORDER BY 1, 2
