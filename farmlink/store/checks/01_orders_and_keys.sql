-- An acknowledged order is never altered, and no posted price rises; one idempotency key has one effect.
SELECT 'idempotency_key' AS of_table, key::text AS id, 'the key of ' || actor || ' was used, and nothing came of it' AS what
FROM idempotency_key WHERE outcome IS NULL AND refusal IS NULL
UNION ALL
SELECT 'consumer_order', consumer_order.id::text,
  format('comes to %s, its fee and placed lines to %s', consumer_order.total_minor, delivery_fee_minor + placed.total_minor)
FROM consumer_order
CROSS JOIN LATERAL (
  SELECT coalesce(sum(order_line.total_minor), 0)::bigint AS total_minor
  FROM order_line WHERE order_id = consumer_order.id AND state = 'placed' AND in_place_of IS NULL
) AS placed
WHERE state = 'placed' AND consumer_order.total_minor <> delivery_fee_minor + placed.total_minor
UNION ALL
SELECT 'order_line', order_line.id::text, 'is placed in an order that was cancelled'
FROM order_line JOIN consumer_order ON consumer_order.id = order_id
WHERE order_line.state = 'placed' AND consumer_order.state = 'cancelled'
UNION ALL
SELECT 'idempotency_key', key::text, format('answered %s with order %s, which is lost', actor, outcome ->> 'id')
FROM idempotency_key
WHERE command = 'farmlink.orders.place' AND outcome ->> 'id' IS NOT NULL
  AND NOT EXISTS (SELECT FROM consumer_order WHERE id::text = outcome ->> 'id')
UNION ALL
SELECT 'consumer_order', id::text, 'was amended, and nobody is on record for it'
FROM consumer_order
WHERE amended_at IS NOT NULL AND NOT EXISTS (SELECT FROM audit_entry WHERE subject = consumer_order.id AND action = 'order.amend')
UNION ALL
SELECT 'consumer_order', id::text, 'is placed without a line'
FROM consumer_order WHERE state = 'placed' AND NOT EXISTS (SELECT FROM order_line WHERE order_id = consumer_order.id AND state = 'placed')
UNION ALL
SELECT 'order_line', order_line.id::text,
  format('%s packs of %s are %s, the line says %s', packs, pack, packs * pack, order_line.quantity)
FROM order_line JOIN listing ON listing.id = listing_id
WHERE order_line.quantity <> packs * pack
UNION ALL
SELECT 'listing', listing.id::text, format('is posted at %s, it was at %s before', price_minor_per_1000, before.price)
FROM (
  SELECT listing_id, min(price_minor_per_1000) AS price
  FROM order_line JOIN order_cycle ON order_cycle.id = cycle_id WHERE stage = 'open' GROUP BY listing_id
  UNION ALL
  SELECT subject, min((facts ->> 'price_minor_per_1000')::bigint)
  FROM audit_entry WHERE action = 'listing.lower' GROUP BY subject
) AS before
JOIN listing ON listing.id = listing_id
WHERE price_minor_per_1000 > before.price
UNION ALL
-- The newest entries wait for their seal; what an hour's later ones overtook was written under another clock.
SELECT 'audit_entry', id::text, 'has no seal, and later ones have'
FROM audit_entry
WHERE done_at < (SELECT max(done_at) - interval '1 hour' FROM audit_entry JOIN audit_seal ON entry_id = audit_entry.id)
  AND NOT EXISTS (SELECT FROM audit_seal WHERE entry_id = audit_entry.id)
ORDER BY 1, 2
