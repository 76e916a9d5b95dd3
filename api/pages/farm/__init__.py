"""Pages for farmers on a cheap phone: what they are asked, what they offer, pick and are paid."""
