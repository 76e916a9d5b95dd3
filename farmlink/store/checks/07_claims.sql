-- Claims never exceed what was handed out; an accepted claim has exactly one credit note, of its own line.
SELECT 'order_line' AS of_table, line_id::text AS id, format('%s are claimed of it, %s were handed out', claimed, coalesce(handed_out, 0)) AS what
FROM (SELECT line_id, sum(quantity)::bigint AS claimed FROM claim GROUP BY line_id) AS said
LEFT JOIN hand_out USING (line_id)
WHERE claimed > coalesce(handed_out, 0)
UNION ALL
SELECT 'claim', claim.id::text, 'is accepted and nothing was given back for it'
FROM claim LEFT JOIN credit_note ON credit_note.id = claim.id
WHERE state = 'accepted' AND credit_note.id IS NULL
UNION ALL
SELECT 'claim', claim.id::text, 'is ' || state || ' and something was given back for it'
FROM claim JOIN credit_note ON credit_note.id = claim.id
WHERE state <> 'accepted'
UNION ALL
SELECT 'claim', claim.id::text, 'is of another line than its credit note'
FROM claim JOIN credit_note ON credit_note.id = claim.id
WHERE credit_note.line_id IS DISTINCT FROM claim.line_id
UNION ALL
SELECT 'claim', claim.id::text, 'is of a line of another order, place or cycle than it says'
FROM claim JOIN order_line ON order_line.id = line_id
WHERE (claim.order_id, claim.place_id, claim.cycle_id) <> (order_line.order_id, order_line.place_id, order_line.cycle_id)
UNION ALL
SELECT 'claim', claim.id::text, 'is made by somebody whose order it is not'
FROM claim JOIN consumer_order ON consumer_order.id = order_id
WHERE claimant_id <> consumer_id AND claimant_id IS DISTINCT FROM recipient_id
ORDER BY 1, 2
