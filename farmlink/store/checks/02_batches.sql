-- Accepted before the cut-off if and only if in exactly one batch; a batch is the sum of its lines.
SELECT 'batch' AS of_table, batch.id::text AS id,
  format('holds %s, its lines come to %s', batch.quantity, lines.quantity) AS what
FROM batch
CROSS JOIN LATERAL (
  SELECT coalesce(sum(quantity), 0)::bigint AS quantity FROM order_line WHERE batch_id = batch.id AND in_place_of IS NULL
) AS lines
WHERE batch.quantity <> lines.quantity
UNION ALL
SELECT 'order_line', order_line.id::text, 'was ordered in time and is in no batch of its ' || stage || ' cycle'
FROM order_line JOIN order_cycle ON order_cycle.id = cycle_id
WHERE state = 'placed' AND batch_id IS NULL AND stage NOT IN ('draft', 'open', 'cancelled')
UNION ALL
SELECT 'order_line', order_line.id::text, 'is in a batch of a cycle that is still ' || stage
FROM order_line JOIN order_cycle ON order_cycle.id = cycle_id
WHERE batch_id IS NOT NULL AND stage IN ('draft', 'open')
UNION ALL
SELECT 'consumer_order', consumer_order.id::text, format('was placed at %s, ordering ended at %s', placed_at, least(closes_at, closed_at))
FROM consumer_order JOIN order_cycle ON order_cycle.id = cycle_id
WHERE placed_at >= least(closes_at, closed_at)
UNION ALL
SELECT 'consumer_order', consumer_order.id::text, format('was amended at %s, ordering ended at %s', amended_at, least(closes_at, closed_at))
FROM consumer_order JOIN order_cycle ON order_cycle.id = cycle_id
WHERE amended_at >= least(closes_at, closed_at)
UNION ALL
SELECT 'order_line', order_line.id::text, 'was cancelled and is in a batch of its ' || stage || ' cycle'
FROM order_line JOIN order_cycle ON order_cycle.id = cycle_id
WHERE state = 'cancelled' AND batch_id IS NOT NULL AND stage <> 'cancelled'
UNION ALL
SELECT 'order_line', order_line.id::text, 'is in a batch of other goods, for another place or of another cycle'
FROM order_line JOIN batch ON batch.id = batch_id
WHERE (order_line.cycle_id, order_line.product_id, order_line.grade, order_line.place_id)
  <> (batch.cycle_id, batch.product_id, batch.grade, batch.place_id)
UNION ALL
SELECT 'batch', batch.id::text, format('is worth %s, its lines come to %s', worth_minor, lines.total_minor)
FROM batch
CROSS JOIN LATERAL (
  SELECT coalesce(sum(total_minor), 0)::bigint AS total_minor FROM order_line WHERE batch_id = batch.id AND in_place_of IS NULL
) AS lines
WHERE worth_minor <> lines.total_minor
UNION ALL
SELECT 'listing', listing.id::text, format('is bought in cases of %s packs, %s are ordered', case_packs, lines.packs)
FROM listing
CROSS JOIN LATERAL (
  SELECT coalesce(sum(packs), 0)::bigint AS packs FROM order_line
  WHERE listing_id = listing.id AND state = 'placed' AND batch_id IS NOT NULL AND in_place_of IS NULL
) AS lines
WHERE case_packs > 1 AND lines.packs % case_packs <> 0
ORDER BY 1, 2
