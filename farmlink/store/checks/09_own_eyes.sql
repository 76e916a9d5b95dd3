-- Everyone sees only their own: what one row shows belongs to whoever it is shown to.
SELECT 'consumer_order' AS of_table, consumer_order.id::text AS id, 'is in a private cycle to which its consumer was not invited' AS what
FROM consumer_order JOIN order_cycle ON order_cycle.id = cycle_id
WHERE private AND state = 'placed' AND NOT EXISTS (
  SELECT FROM cycle_invitation
  WHERE (cycle_invitation.cycle_id, person_id) = (consumer_order.cycle_id, consumer_id)
)
UNION ALL
SELECT 'consumer_order', consumer_order.id::text, 'is in a cycle that nobody was shown yet'
FROM consumer_order JOIN order_cycle ON order_cycle.id = cycle_id
WHERE stage = 'draft'
UNION ALL
SELECT 'confirmation_request', confirmation_request.id::text, 'asks another farm than that of its lot'
FROM confirmation_request JOIN lot ON lot.id = lot_id
WHERE confirmation_request.farm_id <> lot.farm_id
UNION ALL
SELECT 'hand_out', line_id::text, 'is shown to another order, place or cycle than that of its line'
FROM hand_out JOIN order_line ON order_line.id = line_id
WHERE (hand_out.order_id, hand_out.place_id, hand_out.cycle_id) <> (order_line.order_id, order_line.place_id, order_line.cycle_id)
UNION ALL
SELECT 'consumer_order', consumer_order.id::text, 'goes to the home of somebody else'
FROM consumer_order JOIN cycle_place USING (cycle_id, place_id) JOIN home_address ON home_address.id = home_id
WHERE person_id <> consumer_id
UNION ALL
SELECT 'consumer_order', consumer_order.id::text,
  CASE WHEN at_home THEN 'is to be brought home and goes to a point' ELSE 'goes to a home as if it were a point' END
FROM consumer_order JOIN cycle_place USING (cycle_id, place_id)
WHERE at_home <> (home_id IS NOT NULL)
UNION ALL
SELECT 'home_address', home_address.id::text, 'says where somebody lived who was erased'
FROM home_address JOIN person ON person.id = person_id
WHERE erased_at IS NOT NULL
UNION ALL
SELECT 'person', person.id::text, 'was erased and may still come in'
FROM person
WHERE erased_at IS NOT NULL AND (
  EXISTS (SELECT FROM sign_in WHERE person_id = person.id) OR EXISTS (SELECT FROM membership WHERE person_id = person.id)
)
UNION ALL
SELECT 'person', id::text, 'was erased and is still named'
FROM person WHERE erased_at IS NOT NULL AND (name <> '' OR email IS NOT NULL OR phone IS NOT NULL OR password_hash IS NOT NULL)
ORDER BY 1, 2
