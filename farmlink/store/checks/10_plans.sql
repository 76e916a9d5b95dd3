-- A published plan accounts for every base unit of every batch; nobody is short without a reason.
SELECT 'batch' AS of_table, batch.id::text AS id,
  format('of %s, the plan sends %s and leaves %s', batch.quantity, sent.quantity, short.quantity) AS what
FROM batch
JOIN published_plan USING (cycle_id)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(quantity), 0)::bigint AS quantity
  FROM allocation WHERE allocation.plan_id = published_plan.plan_id AND batch_id = batch.id
) AS sent
CROSS JOIN LATERAL (
  SELECT coalesce(sum(quantity), 0)::bigint AS quantity
  FROM shortfall WHERE shortfall.plan_id = published_plan.plan_id AND batch_id = batch.id
) AS short
WHERE batch.quantity <> sent.quantity + short.quantity
UNION ALL
SELECT 'shortfall', plan_id || ' ' || batch_id, 'gives no reason'
FROM shortfall WHERE btrim(reason) = ''
UNION ALL
SELECT 'order_cycle', order_cycle.id::text, 'is ' || stage || ' without a plan'
FROM order_cycle
WHERE stage IN ('confirming', 'confirmed', 'moving', 'done')
  AND NOT EXISTS (SELECT FROM published_plan WHERE cycle_id = order_cycle.id)
  OR stage = 'planned' AND NOT EXISTS (SELECT FROM plan WHERE cycle_id = order_cycle.id)
UNION ALL
SELECT 'order_cycle', order_cycle.id::text, 'is ' || stage || ', and nobody is asked for a plan that holds'
FROM order_cycle
WHERE stage IN ('closed', 'planned')
  AND NOT EXISTS (SELECT FROM published_plan WHERE cycle_id = order_cycle.id)
  AND NOT EXISTS (SELECT FROM plan_wish WHERE cycle_id = order_cycle.id AND plan_wish.publish)
  AND NOT EXISTS (
    SELECT FROM outbox_event WHERE name = 'demand.closed.v1' AND payload ->> 'cycle_id' = order_cycle.id::text
      AND delivered_at IS NULL AND dead_at IS NULL
  )
UNION ALL
SELECT 'published_plan', published_plan.cycle_id::text, 'points to a plan of another cycle'
FROM published_plan JOIN plan ON plan.id = plan_id
WHERE published_plan.cycle_id <> plan.cycle_id
UNION ALL
SELECT 'published_plan', plan.cycle_id::text, format('points back to version %s, version %s held already', plan.version, max(later.version))
FROM published_plan
JOIN plan ON plan.id = plan_id
JOIN plan AS later ON later.cycle_id = plan.cycle_id AND later.version > plan.version
JOIN audit_entry ON subject = later.id AND action = 'plan.publish'
GROUP BY plan.cycle_id, plan.version
UNION ALL
SELECT 'published_plan', published_plan.cycle_id::text, 'holds although it breaks rules'
FROM published_plan JOIN edited_plan USING (plan_id)
WHERE broken <> '[]'
UNION ALL
SELECT 'published_plan', published_plan.cycle_id::text, 'holds although it is of other inputs than there are'
FROM published_plan
JOIN plan ON plan.id = plan_id
JOIN plan_run ON plan_run.id = run_id
WHERE what_if_id IS NOT NULL
UNION ALL
SELECT 'allocation', allocation.id::text, 'serves a batch of another cycle, or with other goods'
FROM allocation
JOIN plan ON plan.id = plan_id
JOIN batch ON batch.id = batch_id
LEFT JOIN lot ON lot.id = lot_id
WHERE batch.cycle_id <> plan.cycle_id OR lot.product_id <> batch.product_id OR lot.grade < batch.grade
ORDER BY 1, 2
