-- Every order line ends in exactly one of handed out, cancelled, short with a reason.
SELECT 'order_line' AS of_table, order_line.id::text AS id, 'has no end in a cycle that is done' AS what
FROM order_line JOIN order_cycle ON order_cycle.id = cycle_id LEFT JOIN hand_out ON line_id = order_line.id
WHERE stage = 'done' AND state = 'placed' AND ended_at IS NULL
UNION ALL
SELECT 'hand_out', line_id::text, 'hands out a line that was cancelled'
FROM hand_out JOIN order_line ON order_line.id = line_id
WHERE state = 'cancelled' AND coalesce(handed_out, 0) > 0
UNION ALL
SELECT 'hand_out', line_id::text, format('says %s were ordered, the line says %s', ordered, quantity)
FROM hand_out JOIN order_line ON order_line.id = line_id
WHERE ordered <> quantity
UNION ALL
SELECT 'hand_out', line_id::text, format('%s of %s are due, and no reason is given', due, ordered)
FROM hand_out WHERE due < ordered AND reason IS NULL
UNION ALL
SELECT 'hand_out', line_id::text, format('%s of %s due were handed out, and no reason is given', handed_out, due)
FROM hand_out WHERE handed_out < due AND end_reason IS NULL
UNION ALL
SELECT 'batch', due.batch_id::text, format('%s came in, %s are due to its lines', came.quantity, due.quantity)
FROM (
  SELECT batch_id, sum(due)::bigint AS quantity FROM hand_out JOIN order_line ON order_line.id = line_id GROUP BY batch_id
) AS due
CROSS JOIN LATERAL (
  SELECT coalesce(sum(received), 0)::bigint AS quantity
  FROM receipt JOIN allocation ON allocation.id = allocation_id WHERE batch_id = due.batch_id
) AS came
WHERE due.quantity > came.quantity
UNION ALL
SELECT 'order_line', order_line.id::text, 'is still placed in a cycle that is cancelled'
FROM order_line JOIN order_cycle ON order_cycle.id = cycle_id
WHERE stage = 'cancelled' AND state = 'placed'
UNION ALL
SELECT 'hand_out', line_id::text, format('%s were ordered, %s are due, %s were handed out', ordered, due, handed_out)
FROM hand_out WHERE due > ordered OR handed_out > due
UNION ALL
SELECT 'hand_out', line_id::text, format('is worth %s, the line says %s', worth_minor, total_minor)
FROM hand_out JOIN order_line ON order_line.id = line_id
WHERE worth_minor <> total_minor
UNION ALL
SELECT 'hand_out', line_id::text, format('is short as %s, and the plan leaves nothing of its batch for that', hand_out.reason)
FROM hand_out
JOIN order_line ON order_line.id = line_id
JOIN published_plan ON published_plan.cycle_id = hand_out.cycle_id
WHERE hand_out.reason <> 'not-received' AND NOT (hand_out.reason = 'not-whole' AND shortage = 'cancel' AND due = 0)
AND NOT (hand_out.reason = 'swapped' AND EXISTS (SELECT FROM order_line AS other WHERE other.in_place_of = line_id))
AND NOT EXISTS (
  SELECT FROM shortfall WHERE shortfall.plan_id = published_plan.plan_id AND shortfall.batch_id = order_line.batch_id
    AND hand_out.reason IN ('not-planned', shortfall.reason)
)
UNION ALL
SELECT 'hand_out', line_id::text, format('%s of %s are due to somebody who wants all or nothing', due, ordered)
FROM hand_out JOIN order_line ON order_line.id = line_id
WHERE shortage = 'cancel' AND 0 < due AND due < quantity / packs * least(packs, coalesce(wanted_packs, packs))
UNION ALL
SELECT 'order_line', other.id::text, 'comes in the place of a line for which nobody agreed to it'
FROM order_line AS other JOIN order_line AS meant ON meant.id = coalesce(other.in_place_of, other.swapped_from)
WHERE other.listing_id <> ALL (meant.substitutes) OR other.order_id <> meant.order_id
UNION ALL
SELECT 'order_line', meant.id::text,
  format('%s are due of what was ordered for %s, and %s in its place', due.worth_minor, meant.total_minor, other.worth_minor)
FROM order_line AS meant
JOIN (SELECT in_place_of, sum(total_minor) AS worth_minor FROM order_line GROUP BY 1) AS other ON other.in_place_of = meant.id
JOIN hand_out ON hand_out.line_id = meant.id
CROSS JOIN LATERAL (SELECT (2 * hand_out.due * meant.price_minor_per_1000 + 1000) / 2000 AS worth_minor) AS due
WHERE due.worth_minor + other.worth_minor > meant.total_minor
UNION ALL
SELECT 'order_line', meant.id::text,
  format('%s were cut of what was ordered, and %s came in its place', cut.worth_minor, other.worth_minor)
FROM order_line AS meant
JOIN (
  SELECT swapped_from, sum(total_minor)::bigint AS worth_minor FROM order_line WHERE state = 'placed' GROUP BY 1
) AS other ON other.swapped_from = meant.id
CROSS JOIN LATERAL (
  SELECT quantity / packs AS pack, coalesce(price_before_minor_per_1000, price_minor_per_1000) AS price,
    coalesce(wanted_packs, packs) AS wanted, CASE WHEN meant.state = 'placed' THEN packs ELSE 0 END AS kept
) AS of_it
CROSS JOIN LATERAL (
  SELECT (2 * of_it.pack * wanted * price + 1000) / 2000 - (2 * of_it.pack * kept * price + 1000) / 2000 AS worth_minor
) AS cut
WHERE other.worth_minor > cut.worth_minor
UNION ALL
SELECT of_table, id, format('is cut for %s, which is not on the list of reasons', reason)
FROM (
  SELECT 'consumer_order' AS of_table, consumer_order.id::text AS id, reason FROM consumer_order
  UNION ALL SELECT 'order_line', order_line.id::text, reason FROM order_line
  UNION ALL SELECT 'shortfall', plan_id || ' ' || batch_id, reason FROM shortfall
  UNION ALL SELECT 'short_line', short_order_id || ' ' || line_id, reason FROM short_line
  UNION ALL SELECT 'hand_out', line_id::text, reason FROM hand_out
  UNION ALL SELECT 'hand_out', line_id::text, end_reason FROM hand_out
) AS cut
WHERE reason NOT IN (
  'consumer', 'planner', 'threshold', 'case-not-full', 'not-enough', 'no-supply', 'grade', 'freshness',
  'sold-out', 'minimum-visit', 'whole-packs', 'share-cap', 'hub-throughput', 'vehicle-capacity', 'cold-chain',
  'no-hub', 'unreachable', 'too-dear', 'pin', 'too-large', 'too-heavy', 'too-bulky', 'too-costly', 'not-planned',
  'not-received', 'not-whole', 'swapped', 'not-collected', 'spoiled'
)
UNION ALL
SELECT 'fair_share', cycle_id::text, format('equal shares of its %s come to %s, they got %s', party, equal, got)
FROM (
  SELECT cycle_id, CASE WHEN farm_id IS NULL THEN 'consumers' ELSE 'farms' END AS party,
         sum(equal_minor) AS equal, sum(got_minor) AS got
  FROM fair_share GROUP BY 1, 2
) AS kept
WHERE equal <> got
ORDER BY 1, 2
