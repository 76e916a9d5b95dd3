-- What the cut-off cut or filled was shared over claims that are kept, and a line has what its last claim got.
-- Cut-offs before the claims were kept are on record as the deeds of that time.
SELECT 'order_line' AS of_table, id::text AS id, 'was cut at the cut-off, and no claim of it is kept' AS what
FROM order_line
WHERE (wanted_packs IS NOT NULL OR reason IN ('case-not-full', 'not-enough'))
  AND NOT EXISTS (SELECT FROM cut_claim WHERE line_id = order_line.id)
  AND NOT EXISTS (
    SELECT FROM consumer_order JOIN audit_entry ON subject = consumer_order.cycle_id
    WHERE consumer_order.id = order_id AND action IN ('cycle.fill-cases', 'cycle.share-partial')
  )
UNION ALL
SELECT 'order_line', order_line.id::text,
  format('is %s and has %s, its claim at the cut-off got %s of %s', state, quantity, got, ordered)
FROM order_line
JOIN (
  SELECT DISTINCT ON (line_id) line_id, got, wanted - extra AS ordered
  FROM cut_claim JOIN cut_share ON cut_share.id = share_id ORDER BY line_id, kind
) AS last ON line_id = order_line.id
WHERE quantity <> CASE WHEN got > 0 THEN got ELSE ordered END OR (state = 'placed' AND got = 0)
UNION ALL
SELECT 'cut_share', cut_share.id::text, format('shares %s, its claims got %s', available, sums.got)
FROM cut_share
CROSS JOIN LATERAL (
  SELECT coalesce(sum(got), 0)::bigint AS got FROM cut_claim WHERE share_id = cut_share.id
) AS sums
WHERE sums.got > available OR (kind = 'case' AND sums.got < available)
UNION ALL
-- What the rule leaves over is less than the smallest pack that somebody still wants, and serves nobody whole.
-- Cuts of an earlier rule are what that rule gave; of their claims it is not known what would have been welcome.
SELECT 'cut_share', cut_share.id::text,
  format('shares %s, its claims got %s, and %s more could be given', available, sums.got, least)
FROM cut_share
CROSS JOIN LATERAL (
  SELECT sum(got)::bigint AS got, min(pack) FILTER (WHERE got < wanted AND NOT left_it) AS least,
    bool_and(welcome IS NOT NULL) AS by_this_rule
  FROM cut_claim WHERE share_id = cut_share.id
) AS sums
WHERE kind = 'partial' AND by_this_rule AND least <= available - sums.got
UNION ALL
SELECT 'cut_share', id::text, format('gave nobody anything of %s', available)
FROM cut_share
WHERE kind = 'partial' AND NOT EXISTS (SELECT FROM cut_claim WHERE share_id = id AND got > 0)
  AND EXISTS (SELECT FROM cut_claim WHERE share_id = id AND left_it AND wanted <= available AND welcome IS NOT NULL)
UNION ALL
-- Of what is bought in cases, less falls away than a case.
SELECT 'cut_share', cut_share.id::text, format('cut %s to %s, a whole case more than must be', sums.ordered, sums.got)
FROM cut_share
CROSS JOIN LATERAL (
  SELECT sum(wanted - extra)::bigint AS ordered, sum(got)::bigint AS got
  FROM cut_claim WHERE share_id = cut_share.id AND NOT left_it
) AS sums
WHERE kind = 'case' AND sums.ordered - sums.got >= case_quantity
UNION ALL
SELECT 'cut_share', cut_share.id::text, 'was cut to whole cases, and could have been filled'
FROM cut_share
CROSS JOIN LATERAL (
  SELECT sum(wanted - extra)::bigint AS ordered, sum(got)::bigint AS got, sum(welcome)::bigint AS welcome
  FROM cut_claim WHERE share_id = cut_share.id AND NOT left_it
) AS sums
WHERE kind = 'case' AND sums.got < sums.ordered
  AND (case_quantity - sums.ordered % case_quantity) % case_quantity <= least(spare, sums.welcome)
UNION ALL
SELECT 'cut_share', id::text, format('buys %s in cases of %s', available, case_quantity)
FROM cut_share WHERE available % case_quantity <> 0
UNION ALL
SELECT 'cut_share', cut_share.id::text, format('was shared by %s, its cycle declared %s', rule, declared)
FROM cut_share
JOIN order_cycle ON order_cycle.id = cycle_id
LEFT JOIN policy_version ON policy_version.version = policy_version
CROSS JOIN LATERAL (SELECT coalesce(document ->> 'shortage_rule', 'pro-rata') AS declared) AS policy
WHERE rule <> declared
ORDER BY 1, 2
