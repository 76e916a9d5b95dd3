-- A threshold is judged at the cut-off and ends once, charged or released; what was unmet stays in no batch.
SELECT 'order_cycle' AS of_table, id::text AS id, format('is %s, its threshold is %s', stage, threshold_state) AS what
FROM order_cycle
WHERE threshold_state IN ('short', 'zero') OR (stage NOT IN ('draft', 'open') AND threshold_state IN ('open', 'extended'))
UNION ALL
SELECT 'stock', stock.id::text, format('is %s in a cycle that is %s', stock.threshold_state, stage)
FROM stock JOIN order_cycle ON order_cycle.id = cycle_id
WHERE stock.threshold_state IN ('short', 'zero')
  OR (stage NOT IN ('draft', 'open') AND stock.threshold_state IN ('open', 'extended'))
UNION ALL
SELECT 'order_line', order_line.id::text,
  format('is in a batch, and %s of the %s that must be ordered of its goods are', reserved, threshold)
FROM order_line JOIN stock USING (cycle_id, product_id, grade)
WHERE state = 'placed' AND batch_id IS NOT NULL AND unmet = 'zero' AND reserved < threshold
UNION ALL
SELECT 'order_line', order_line.id::text, 'is in a batch, and its goods were let go'
FROM order_line JOIN stock USING (cycle_id, product_id, grade)
WHERE state = 'placed' AND batch_id IS NOT NULL AND threshold_state IN ('zero', 'released')
  AND NOT EXISTS (SELECT FROM settled_cycle WHERE settled_cycle.cycle_id = order_line.cycle_id)
UNION ALL
SELECT 'order_line', order_line.id::text, 'was charged, and its goods were let go'
FROM order_line JOIN stock USING (cycle_id, product_id, grade)
WHERE (state = 'cancelled' OR threshold_state IN ('zero', 'released'))
  AND EXISTS (SELECT FROM statement_line WHERE line_id = order_line.id AND item = 'sale')
UNION ALL
SELECT 'order_cycle', order_cycle.id::text, 'is cancelled, its threshold is ' || threshold_state
FROM order_cycle WHERE stage = 'cancelled' AND threshold_state = 'charged'
UNION ALL
SELECT 'order_cycle', order_cycle.id::text, 'is settled, its threshold is ' || threshold_state
FROM order_cycle JOIN settled_cycle ON cycle_id = order_cycle.id WHERE threshold_state IN ('met', 'partial')
ORDER BY 1, 2
