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
ORDER BY 1, 2
