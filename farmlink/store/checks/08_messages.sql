-- Every announced event reaches those who act on it.
SELECT 'outbox_event' AS of_table, id::text AS id,
  format('%s was given up after %s attempts: %s', name, attempts, last_error) AS what
FROM outbox_event WHERE dead_at IS NOT NULL
UNION ALL
SELECT 'message', id::text, format('%s was given up after %s attempts: %s', kind, attempts, last_error)
FROM message WHERE state = 'failed'
UNION ALL
SELECT 'audit_seal', position::text, 'does not follow the seal before it'
FROM (SELECT position, row_number() OVER (ORDER BY position) AS place FROM audit_seal) AS numbered
WHERE position <> place
UNION ALL
SELECT 'outbox_event', id::text, name || ' was both delivered and given up'
FROM outbox_event WHERE delivered_at IS NOT NULL AND dead_at IS NOT NULL
UNION ALL
SELECT 'outbox_event', id::text, format('%s is about %s, which was never written', name, payload ->> key)
FROM outbox_event
JOIN (VALUES ('order.%', 'order_id'), ('confirmation.%', 'request_id'), ('plan.%', 'plan_id')) AS about(names, key)
  ON name LIKE names AND payload ->> key IS NOT NULL
WHERE NOT EXISTS (SELECT FROM consumer_order WHERE id::text = payload ->> key)
  AND NOT EXISTS (SELECT FROM confirmation_request WHERE id::text = payload ->> key)
  AND NOT EXISTS (SELECT FROM plan WHERE id::text = payload ->> key)
UNION ALL
SELECT 'message', message.id::text, format('%s is about %s, which was never written', kind, subject_id)
FROM message
WHERE kind IN ('order', 'order-cancelled', 'lines-dropped', 'order-adjusted') AND NOT EXISTS (SELECT FROM consumer_order WHERE id = subject_id)
  OR kind = 'shortage' AND NOT EXISTS (SELECT FROM short_order WHERE id = subject_id)
  OR kind = 'standing' AND NOT EXISTS (SELECT FROM standing_turn WHERE id = subject_id)
  OR kind IN ('claim-made', 'claim-decided') AND NOT EXISTS (SELECT FROM claim WHERE id = subject_id)
  OR kind = 'nothing-served' AND NOT EXISTS (SELECT FROM plan WHERE id = subject_id)
  OR kind IN ('question', 'answered-for', 'question-withdrawn', 'silence') AND NOT EXISTS (SELECT FROM confirmation_request WHERE id = subject_id)
UNION ALL
SELECT 'message', min(id::text), format('%s of one cause is told %s times to one person', kind, count(*))
FROM message GROUP BY cause, kind, person_id HAVING count(*) > 1
ORDER BY 1, 2
