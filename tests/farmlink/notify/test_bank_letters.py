"""Where an organisation is paid is changed by one of its members, and all of them read it."""

from __future__ import annotations

import pytest

from farmlink.people.commands import add_organisation
from farmlink.people.values import OrganisationId, OrganisationKind, Role
from farmlink.settlement import commands
from farmlink.settlement.values import BankDetails
from farmlink.store.store import Store
from tests.farmlink.notify.builders import PostOffice, body
from tests.farmlink.settlement.builders import ELM

CHINESE = BankDetails("王记农场", account="6222020200001234567", bank="中国农业银行")


@pytest.fixture
def house(store: Store) -> OrganisationId:
    return store.run(add_organisation, "Elm Farm", OrganisationKind.FARM)


def test_every_member_reads_the_ending_of_the_new_account_in_their_language(
    store: Store, post: PostOffice, house: OrganisationId
) -> None:
    post.person("ana@example.org", organisation_id=house, role=Role.FARMER)
    post.person("bo@example.org", "zh-CN", organisation_id=house, role=Role.DRIVER)
    post.person("eve@example.org")
    store.run(commands.keep_bank_details, house, ELM)
    post.send()

    letters = {str(one["To"]): one for one in post.letters()}
    assert sorted(letters) == ["ana@example.org", "bo@example.org"]
    assert letters["ana@example.org"]["Subject"] == "Elm Farm is paid to another account from now on"
    said = body(letters["ana@example.org"])
    assert "the account that ends in …3000" in said
    assert "DE89" not in said
    assert "尾号 …3000" in body(letters["bo@example.org"])


def test_the_same_details_again_are_no_news(store: Store, post: PostOffice, house: OrganisationId) -> None:
    post.person("ana@example.org", organisation_id=house, role=Role.FARMER)
    for details in (ELM, ELM, CHINESE):
        store.run(commands.keep_bank_details, house, details)
        post.send()
    assert [("…3000" in body(one), "…4567" in body(one)) for one in post.letters()] == [(True, False), (False, True)]
