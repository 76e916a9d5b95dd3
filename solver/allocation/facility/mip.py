"""The whole problem as one strong mixed-integer model for HiGHS."""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_array

from solver.allocation.facility.transport import Transport

_BY_COLUMN, _MINIMISE, _CONTINUOUS, _INTEGER = 1, 1, 0, 1


@dataclass(frozen=True)
class Proven:
    """What branch and bound knew when it ended; no `opened` where it found no plan."""

    bound: float
    opened: frozenset[int] | None


def branch_and_bound(transport: Transport, seconds: float) -> Proven:
    """Shares x <= y, everybody served, loads within capacity, open capacity covers the demand."""
    facilities, customers = transport.unit_cost.shape
    highs = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("time_limit", seconds),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 1e-6),
    ):
        highs.setOptionValue(option, value)
    _load(highs, transport)
    highs.run()
    bound = float(highs.getInfo().mip_dual_bound)
    found = highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if not found:
        return Proven(bound, None)
    doors = np.array(highs.getSolution().col_value)[facilities * customers :]
    return Proven(bound, frozenset(np.flatnonzero(doors > 0.5).tolist()))


def _load(highs: highspy.Highs, transport: Transport) -> None:
    """Columns: shares facility by facility, then doors. Rows: customers, capacities, shares below doors, all demand."""
    facilities, customers = transport.unit_cost.shape
    shares = facilities * customers
    share = np.arange(shares)
    facility, customer = np.divmod(share, customers)
    door = shares + np.arange(facilities)
    room = transport.problem.capacity.astype(np.float64)
    demand = transport.demand.astype(np.float64)
    below = customers + facilities + share
    last = customers + facilities + shares
    entries = [
        (customer, share, np.ones(shares)),
        (customers + facility, share, demand[customer]),
        (customers + np.arange(facilities), door, -room),
        (below, share, np.ones(shares)),
        (below, shares + facility, -np.ones(shares)),
        (np.full(facilities, last), door, room),
    ]
    rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
    matrix = csc_array((values, (rows, columns)), shape=(last + 1, shares + facilities))
    infinity = highspy.kHighsInf
    lower = np.concatenate([np.ones(customers), np.full(facilities + shares, -infinity), [demand.sum()]])
    upper = np.concatenate([np.ones(customers), np.zeros(facilities + shares), [infinity]])
    whole_cost = transport.unit_cost * demand
    highs.passModel(
        shares + facilities,
        last + 1,
        matrix.nnz,
        _BY_COLUMN,
        _MINIMISE,
        0.0,
        np.concatenate([whole_cost.reshape(-1), transport.problem.opening]),
        np.zeros(shares + facilities),
        np.ones(shares + facilities),
        lower,
        upper,
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        np.array([_CONTINUOUS] * shares + [_INTEGER] * facilities, dtype=np.int32),
    )
