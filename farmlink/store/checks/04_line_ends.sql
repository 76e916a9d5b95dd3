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
WHERE hand_out.reason <> 'not-received' AND NOT EXISTS (
  SELECT FROM shortfall WHERE shortfall.plan_id = published_plan.plan_id AND shortfall.batch_id = order_line.batch_id
    AND hand_out.reason IN ('not-planned', shortfall.reason)
)
ORDER BY 1, 2
