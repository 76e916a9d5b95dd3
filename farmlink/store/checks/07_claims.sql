-- Claims never exceed what was handed out; an accepted claim has exactly one credit note, of its own line and worth.
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
UNION ALL
-- What came bad from the farms is borne by all of them, and everything else by the hub.
SELECT 'claim', claim.id::text, format('is blamed on %s, and its credit note is borne by %s', blame, bearer)
FROM claim JOIN credit_note ON credit_note.id = claim.id
WHERE state = 'accepted' AND (blame = 'farm') <> (bearer = 'shared')
UNION ALL
-- Grants of a line are rounded in their sum, which makes one of them a cent dearer at most.
SELECT 'claim', claim.id::text, format('gave back %s for %s of %s that were charged %s', amount_minor, accepted, handed_out, charged.minor)
FROM claim
JOIN credit_note ON credit_note.id = claim.id
JOIN hand_out ON hand_out.line_id = claim.line_id
CROSS JOIN LATERAL (
  SELECT -coalesce(sum(amount_minor), 0)::bigint AS minor
  FROM statement_line WHERE statement_line.line_id = claim.line_id AND item = 'sale' AND credit_note_id IS NULL
) AS charged
WHERE (amount_minor - 1)::numeric * handed_out > charged.minor::numeric * accepted
ORDER BY 1, 2
