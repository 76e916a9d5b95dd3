-- One live run per region; a run that ended has one effect.
SELECT 'plan_run' AS of_table, min(id::text) AS id, format('region %s has %s live runs', region_id, count(*)) AS what
FROM plan_run WHERE state = 'running' GROUP BY region_id HAVING count(*) > 1
UNION ALL
SELECT 'plan', plan.id::text, 'was stored by a run that is ' || plan_run.state
FROM plan JOIN plan_run ON plan_run.id = run_id
WHERE plan_run.state NOT IN ('done', 'cancelled')
UNION ALL
SELECT 'plan_run', id::text, 'is ' || state || ' and left no plan'
FROM plan_run WHERE state IN ('done', 'cancelled') AND progress ->> 'stage' IS DISTINCT FROM 'waiting' -- taken back
  AND NOT EXISTS (SELECT FROM plan WHERE run_id = plan_run.id)
  -- nobody keeps a plan of a cycle that was cancelled while it was planned
  AND NOT (state = 'cancelled' AND EXISTS (SELECT FROM order_cycle c WHERE c.id = cycle_id AND c.stage = 'cancelled'))
UNION ALL
SELECT 'plan_run', run_id::text, format('left %s plans', count(*))
FROM plan GROUP BY run_id HAVING count(*) > 1
UNION ALL
SELECT 'plan', plan.id::text, 'is of another cycle than its run'
FROM plan JOIN plan_run ON plan_run.id = run_id
WHERE plan.cycle_id <> plan_run.cycle_id
UNION ALL
SELECT 'order_cycle', cycle_id::text, format('has %s plans, the newest is version %s', count(*), max(version))
FROM plan GROUP BY cycle_id HAVING max(version) <> count(*)
ORDER BY 1, 2
