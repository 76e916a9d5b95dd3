"""Policy is published, never edited."""

from __future__ import annotations

import msgspec

from farmlink.kernel.errors import StaleError
from farmlink.kernel.page import place
from farmlink.people.values import PersonId
from farmlink.policy import queries, rules
from farmlink.policy.tables import PolicyVersionRow
from farmlink.policy.values import Policy, PolicyDocument, PolicyPublished, PolicyVersion
from farmlink.store.transaction import Transaction


def publish_version(
    tx: Transaction, document: PolicyDocument, reason: str, follows: int, published_by: PersonId | None = None
) -> Policy:
    """Publish the next version, if the one that the author saw is still the newest."""
    rules.check(document)
    tx.execute("LOCK TABLE policy_version IN SHARE ROW EXCLUSIVE MODE")
    newest = queries.current(tx)
    if newest.version != follows:
        raise StaleError
    if newest.document == document:
        raise rules.PolicyUnchangedError(version=newest.version)
    version = PolicyVersion(newest.version + 1)
    tx.add(
        PolicyVersionRow(
            version=version,
            document=msgspec.to_builtins(document),
            published_at=tx.now,
            published_by=published_by,
            reason=reason,
        )
    )
    tx.announce(PolicyPublished(version))
    tx.record("policy.published", place("policy", version), version=version)
    return Policy(version, document, tx.now, reason)
