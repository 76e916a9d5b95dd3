"""Which letters somebody wants: chosen on a page, or ended by the link at a letter's foot."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from farmlink.kernel.errors import InvalidError
from farmlink.kernel.locale import marked
from farmlink.notify import queries, rules
from farmlink.notify.values import Choice, Letters
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import PersonErased, PersonId
from farmlink.store.transaction import Transaction

NOT_YOURS: Final = marked("Choose among the letters that concern you.")
END: Final = """
INSERT INTO unwanted_letters (person_id, letters, ended_at)
SELECT :person_id, unnest(CAST(:letters AS text[])), :now ON CONFLICT DO NOTHING
"""
WANT: Final = "DELETE FROM unwanted_letters WHERE person_id = :person_id AND letters = ANY(CAST(:letters AS text[]))"


def choose_letters(tx: Transaction, person_id: PersonId, wanted: Collection[Letters]) -> list[Choice]:
    """Want these letters and no others of those that concern the person; what concerns others stays as it was."""
    offered = rules.offered(persons.principal(tx, persons.known_person(tx, person_id)))
    if not set(wanted) <= set(offered):
        raise InvalidError(field="wanted", reason=NOT_YOURS)
    for command, chosen in (WANT, set(wanted)), (END, set(offered) - set(wanted)):
        tx.execute(command, {"person_id": person_id, "letters": sorted(chosen), "now": tx.now})
    return queries.choices(tx, person_id)


def end_letters(tx: Transaction, letters: Letters, token: str) -> None:
    """Do without letters from now on, by the link at the foot of one: done twice it is done once."""
    person_id = queries.reader_of(tx, letters, token)
    tx.execute(END, {"person_id": person_id, "letters": [letters.value], "now": tx.now})


def way_out(tx: Transaction, letters: Letters, person_id: PersonId, public_url: str) -> str:
    """Where somebody ends such letters, without signing in."""
    token = people.make_link(tx, queries.purpose_of(letters), person_id, person_id, tx.now + rules.ENDED_BY)
    return f"{public_url}/letters/{letters.value}/{token}"


def forget_choices(tx: Transaction, event: PersonErased) -> None:
    """Keep nothing of what somebody wanted who is gone."""
    tx.execute("DELETE FROM unwanted_letters WHERE person_id = :person_id", {"person_id": event.person_id})
