-- A claim is of the goods that were shared, and draws by a line of its own person in them: the same for all of theirs.
WITH claimed AS (
  SELECT share_id, line_id, whose, cut_share.cycle_id, kind, consumer_id, product_id, grade,
    order_line.cycle_id AS own_cycle_id,
    CASE kind WHEN 'case' THEN listing_id ELSE stock_id END = share_id AS of_these
  FROM cut_claim
  JOIN cut_share ON cut_share.id = share_id
  JOIN order_line ON order_line.id = line_id
  JOIN consumer_order ON consumer_order.id = order_id
  LEFT JOIN listing ON listing.id = listing_id
)
SELECT 'cut_claim' AS of_table, line_id::text AS id, 'is of other goods than what was shared' AS what
FROM claimed WHERE of_these IS NOT TRUE OR own_cycle_id <> cycle_id
UNION ALL
SELECT 'cut_claim', line_id::text, 'draws as nobody who shares these goods'
FROM claimed
WHERE whose > line_id OR NOT EXISTS (
  SELECT FROM order_line JOIN consumer_order ON consumer_order.id = order_id
  WHERE order_line.id = whose
    AND (consumer_order.consumer_id, product_id, grade, order_line.cycle_id)
      = (claimed.consumer_id, claimed.product_id, claimed.grade, claimed.own_cycle_id)
)
UNION ALL
SELECT 'cut_claim', min(line_id::text), 'draws for one person a second time'
FROM claimed GROUP BY cycle_id, kind, consumer_id, product_id, grade HAVING count(DISTINCT whose) > 1
ORDER BY 1, 2
