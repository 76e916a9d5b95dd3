"""Settlement: final prices, statements, weights, credit notes, bank details and pay-outs."""

from api.v1.settlement.charges import ChargeController, SettlementController
from api.v1.settlement.paying import BankDetailsController, CashController, HubPayOutController, PayOutController
from api.v1.settlement.statements import FarmStatementController, HubStatementController, PointStatementController

controllers = [
    SettlementController,
    ChargeController,
    FarmStatementController,
    PointStatementController,
    HubStatementController,
    BankDetailsController,
    HubPayOutController,
    CashController,
    PayOutController,
]
