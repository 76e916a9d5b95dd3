-- A confirmed allocation is never changed without its farmer; one final answer on all devices.
SELECT 'pin' AS of_table, cycle_id || ' ' || pin.lot_id AS id,
  format('promised are %s to %s, the published plan takes %s', at_least, at_most, taken.quantity) AS what
FROM pin
JOIN published_plan USING (cycle_id)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(quantity), 0)::bigint AS quantity
  FROM allocation WHERE allocation.plan_id = published_plan.plan_id AND allocation.lot_id = pin.lot_id
) AS taken
WHERE taken.quantity < at_least
UNION ALL
SELECT 'confirmation_request', id::text, 'has an answer that does not fit its state ' || state
FROM confirmation_request
WHERE state <> 'superseded' AND (
  (state = 'open') <> (answered_at IS NULL)
  OR state = 'accepted' AND answered <> quantity
  OR state = 'reduced' AND NOT (floor < answered AND answered < quantity)
  OR state IN ('declined', 'lapsed') AND answered <> floor
)
UNION ALL
SELECT 'confirmation_request', confirmation_request.id::text, format('promises %s, %s are kept for it', answered, kept.quantity)
FROM confirmation_request
JOIN lot ON lot.id = lot_id
CROSS JOIN LATERAL (
  SELECT coalesce(sum(at_least), 0)::bigint AS quantity FROM pin
  WHERE pin.cycle_id = confirmation_request.cycle_id AND pin.lot_id = confirmation_request.lot_id
) AS kept
WHERE confirmation_request.state IN ('accepted', 'reduced') AND lot.state = 'offered' AND answered > kept.quantity
UNION ALL
SELECT 'confirmation_request', id::text, format('asks for %s, the published plan takes %s', confirmation_request.quantity, taken.quantity)
FROM confirmation_request
CROSS JOIN LATERAL (
  SELECT coalesce(sum(allocation.quantity), 0)::bigint AS quantity
  FROM published_plan JOIN allocation USING (plan_id)
  WHERE published_plan.cycle_id = confirmation_request.cycle_id AND allocation.lot_id = confirmation_request.lot_id
) AS taken
WHERE state = 'open' AND confirmation_request.quantity <> taken.quantity
UNION ALL
SELECT 'confirmation_request', min(id::text), format('lot %s is asked %s times at once', lot_id, count(*))
FROM confirmation_request WHERE state = 'open' GROUP BY cycle_id, lot_id HAVING count(*) > 1
UNION ALL
SELECT 'pin', pin.cycle_id || ' ' || pin.lot_id, format('promises %s, its farmer said %s', at_least, said.quantity)
FROM pin
CROSS JOIN LATERAL (
  SELECT coalesce(max(answered), 0) AS quantity FROM confirmation_request
  WHERE (confirmation_request.cycle_id, confirmation_request.lot_id) = (pin.cycle_id, pin.lot_id)
) AS said
WHERE at_least > said.quantity
UNION ALL
SELECT 'confirmation_request', id::text, format('says %s of %s, on record are %s', state, answered, coalesce(said.record, 'nothing'))
FROM confirmation_request
CROSS JOIN LATERAL (
  SELECT string_agg(concat_ws(' of ', facts ->> 'state', facts ->> 'answered'), ', ' ORDER BY done_at) AS record
  FROM audit_entry WHERE subject = confirmation_request.id
    AND action = CASE WHEN on_behalf THEN 'confirmation.answer-on-behalf' ELSE 'confirmation.answer' END
) AS said
WHERE state IN ('accepted', 'reduced', 'declined') AND NOT standing
  AND said.record IS DISTINCT FROM concat_ws(' of ', state, answered)
UNION ALL
SELECT 'confirmation_request', confirmation_request.id::text, 'is open in a cycle that is ' || stage
FROM confirmation_request JOIN order_cycle ON order_cycle.id = cycle_id
WHERE state = 'open' AND stage NOT IN ('planned', 'confirming')
UNION ALL
SELECT 'lot', lot.id::text, format('%s leave it in a cycle that is %s, promised are %s', taken.quantity, stage, coalesce(at_least, 0))
FROM (
  SELECT cycle_id, lot_id, sum(quantity)::bigint AS quantity
  FROM published_plan JOIN allocation USING (plan_id) GROUP BY cycle_id, lot_id
) AS taken
JOIN order_cycle ON order_cycle.id = taken.cycle_id
JOIN lot ON lot.id = taken.lot_id
LEFT JOIN pin ON (pin.cycle_id, pin.lot_id) = (taken.cycle_id, taken.lot_id)
WHERE stage IN ('confirmed', 'moving', 'done') AND lot.state = 'offered' AND taken.quantity > coalesce(at_least, 0)
  AND NOT EXISTS (SELECT FROM plan_wish WHERE plan_wish.cycle_id = taken.cycle_id)
ORDER BY 1, 2
