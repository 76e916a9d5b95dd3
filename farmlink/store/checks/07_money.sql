-- The ledger sums to zero; charged at most once; refunds within captures; an unmet threshold charges nobody.
SELECT 'ledger_entry' AS of_table, ledger_entry.id::text AS id,
  format('%s comes to %s %s', key, sums.minor, sums.currency) AS what
FROM ledger_entry
JOIN (
  SELECT entry_id, currency, sum(amount_minor)::bigint AS minor FROM ledger_posting GROUP BY entry_id, currency
) AS sums ON entry_id = ledger_entry.id AND sums.minor <> 0
UNION ALL
SELECT 'ledger_entry', id::text, key || ' moves nothing'
FROM ledger_entry WHERE (SELECT count(*) FROM ledger_posting WHERE entry_id = ledger_entry.id) < 2
UNION ALL
SELECT 'ledger_posting', currency, format('all postings in %s come to %s', currency, sum(amount_minor))
FROM ledger_posting GROUP BY currency HAVING sum(amount_minor) <> 0
UNION ALL
SELECT 'ledger_account', ledger_account.id::text,
  format('%s holds %s, its postings come to %s', kind, balance_minor, sums.minor)
FROM ledger_account
CROSS JOIN LATERAL (
  SELECT coalesce(sum(amount_minor), 0)::bigint AS minor FROM ledger_posting WHERE account_id = ledger_account.id
) AS sums
WHERE balance_minor <> sums.minor
UNION ALL
SELECT 'ledger_account', id::text, format('%s is overdrawn by %s', kind, balance_minor)
FROM ledger_account WHERE kind IN ('consumer-credit', 'hold') AND balance_minor > 0
UNION ALL
SELECT 'ledger_posting', entry_id || ' ' || position, format('is in %s on an account in %s', ledger_posting.currency, ledger_account.currency)
FROM ledger_posting JOIN ledger_account ON ledger_account.id = account_id
WHERE ledger_posting.currency <> ledger_account.currency
UNION ALL
SELECT 'payment', id::text, format('%s were captured, %s went back of them', captured_minor, refunded_minor)
FROM payment WHERE refunded_minor > captured_minor
UNION ALL
SELECT 'payment', id::text, format('%s were collected, %s went back of them', collected_minor, credited_minor)
FROM payment WHERE credited_minor > collected_minor
UNION ALL
SELECT 'payment', id::text, format('charged are %s, taken and due are %s', coalesce(charged_minor, 0), captured_minor + collected_minor + due_minor)
FROM payment WHERE captured_minor + collected_minor + due_minor > coalesce(charged_minor, 0)
UNION ALL
SELECT 'payment', min(id::text), format('order %s is charged by %s payments', about, count(*))
FROM payment WHERE charged_minor > 0 GROUP BY about HAVING count(*) > 1
UNION ALL
SELECT 'payment', payment.id::text, 'charges an order that was cancelled: ' || reason
FROM payment JOIN consumer_order ON consumer_order.id = about
WHERE consumer_order.state = 'cancelled' AND coalesce(charged_minor, 0) > 0
UNION ALL
SELECT 'payment', payment.id::text, 'still holds money for an order that was cancelled: ' || reason
FROM payment JOIN consumer_order ON consumer_order.id = about
WHERE consumer_order.state = 'cancelled' AND held_minor > 0
UNION ALL
SELECT 'payment', payment.id::text, format('holds %s, the ledger holds %s', held_minor, -coalesce(balance_minor, 0))
FROM payment
LEFT JOIN ledger_account ON kind = 'hold' AND owner_id = about AND ledger_account.currency = payment.currency
WHERE payment.state <> 'failed' AND held_minor <> -coalesce(balance_minor, 0)
UNION ALL
SELECT 'payment', payment.id::text, 'holds money for a cycle that is settled'
FROM payment JOIN order_charge ON order_id = about WHERE held_minor > 0
UNION ALL
SELECT 'ledger_account', ledger_account.id::text, format('holds %s for nothing', -balance_minor)
FROM ledger_account
WHERE kind = 'hold' AND balance_minor <> 0
  AND NOT EXISTS (SELECT FROM payment WHERE about = owner_id AND payment.currency = ledger_account.currency AND held_minor > 0)
UNION ALL
SELECT 'order_charge', order_charge.order_id::text, format('charges %s for what comes to %s', goods_minor, sold.minor)
FROM order_charge
CROSS JOIN LATERAL (
  SELECT coalesce(sum(CASE WHEN weight.line_id IS NULL OR handed_out = 0
    THEN div(2 * handed_out::numeric * price_minor_per_1000 + 1000, 2000)
    ELSE div(2 * handed_out::numeric * price_minor_per_1000 * weight.weight_g * order_line.quantity
      + 1000 * order_line.weight_g::numeric * weight.quantity, 2000 * order_line.weight_g::numeric * weight.quantity)
  END), 0)::bigint AS minor
  FROM hand_out
  JOIN order_line ON order_line.id = hand_out.line_id
  LEFT JOIN catch_weight AS weight ON weight.line_id = hand_out.line_id
  WHERE hand_out.order_id = order_charge.order_id
) AS sold
WHERE goods_minor <> sold.minor
UNION ALL
SELECT 'order_charge', order_charge.order_id::text, format('charges %s for delivery, its order says %s', order_charge.delivery_minor, fee.minor)
FROM order_charge
JOIN consumer_order ON consumer_order.id = order_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN EXISTS (SELECT FROM hand_out WHERE hand_out.order_id = consumer_order.id AND handed_out > 0)
    THEN delivery_fee_minor ELSE 0 END AS minor
) AS fee
WHERE order_charge.delivery_minor <> fee.minor
UNION ALL
SELECT 'order_charge', order_charge.order_id::text, format('charges %s, the ledger says %s', total_minor, posted.minor)
FROM order_charge
CROSS JOIN LATERAL (
  SELECT coalesce(sum(amount_minor), 0)::bigint AS minor
  FROM ledger_entry
  JOIN ledger_posting ON entry_id = ledger_entry.id
  JOIN ledger_account ON ledger_account.id = account_id
  WHERE about = order_charge.order_id AND ledger_entry.kind = 'charge'
    AND ledger_account.kind = 'consumer-receivable' AND owner_id = order_charge.consumer_id
) AS posted
WHERE total_minor <> posted.minor
UNION ALL
SELECT 'order_charge', order_charge.order_id::text, format('charges %s, its payment says %s', order_charge.total_minor, coalesce(charged_minor, 0))
FROM order_charge LEFT JOIN payment ON about = order_id AND state <> 'failed'
WHERE order_charge.total_minor <> coalesce(charged_minor, 0)
UNION ALL
SELECT 'order_charge', order_charge.order_id::text, format('its consumer owes %s of it, its payment says %s', owed.minor, due.minor)
FROM order_charge
CROSS JOIN LATERAL (
  SELECT coalesce(sum(amount_minor), 0)::bigint AS minor
  FROM ledger_entry
  JOIN ledger_posting ON entry_id = ledger_entry.id
  JOIN ledger_account ON ledger_account.id = account_id
  WHERE about = order_charge.order_id AND ledger_account.kind = 'consumer-receivable'
    AND owner_id = order_charge.consumer_id AND ledger_account.currency = order_charge.currency
) AS owed
CROSS JOIN LATERAL (
  SELECT coalesce(sum(due_minor), 0)::bigint AS minor FROM payment WHERE about = order_charge.order_id
) AS due
WHERE owed.minor <> due.minor
UNION ALL
SELECT 'order_charge', order_charge.order_id::text, 'charges an order that was cancelled: ' || reason
FROM order_charge JOIN consumer_order ON consumer_order.id = order_id WHERE state = 'cancelled' AND order_charge.total_minor > 0
UNION ALL
SELECT 'statement_line', statement_line.id::text, 'charges a line that was cancelled: ' || reason
FROM statement_line JOIN order_line ON order_line.id = line_id WHERE item = 'sale' AND state = 'cancelled'
UNION ALL
SELECT 'consumer_order', consumer_order.id::text, 'stands in a settled cycle and was not charged'
FROM consumer_order JOIN settled_cycle USING (cycle_id)
WHERE state = 'placed' AND NOT EXISTS (SELECT FROM order_charge WHERE order_id = consumer_order.id)
UNION ALL
SELECT 'ledger_entry', lines.entry_id::text, format('%s: its lines give %s, its postings %s', lines.account, lines.minor, posted.minor)
FROM (
  SELECT entry_id, account, owner_id, currency, sum(amount_minor)::bigint AS minor
  FROM statement_line GROUP BY entry_id, account, owner_id, currency
) AS lines
CROSS JOIN LATERAL (
  SELECT -coalesce(sum(amount_minor), 0)::bigint AS minor
  FROM ledger_posting JOIN ledger_account ON ledger_account.id = account_id
  WHERE entry_id = lines.entry_id
    AND (kind, owner_id, ledger_account.currency) = (lines.account, lines.owner_id, lines.currency)
) AS posted
WHERE lines.minor <> posted.minor
UNION ALL
SELECT 'credit_note', min(credit_note.id::text), format('%s were charged for line %s, %s were taken back', charged.minor, credit_note.line_id, sum(credit_note.amount_minor))
FROM credit_note
CROSS JOIN LATERAL (
  SELECT -coalesce(sum(amount_minor), 0)::bigint AS minor
  FROM statement_line WHERE statement_line.line_id = credit_note.line_id AND item = 'sale' AND credit_note_id IS NULL
) AS charged
WHERE credit_note.line_id IS NOT NULL
GROUP BY credit_note.line_id, charged.minor HAVING sum(credit_note.amount_minor) > charged.minor
ORDER BY 1, 2
