"""The consumer's words: families of goods, what is wanted in a shortage, how one pays, what is charged."""

from typing import Final

from farmlink.kernel.locale import marked
from farmlink.orders.values import Shortage, StandingState
from farmlink.payments.values import Method, State
from farmlink.settlement.values import Item

FAMILIES: Final = {
    "fruit": marked("Fruit"),
    "vegetables": marked("Vegetables"),
    "dairy": marked("Dairy"),
    "eggs": marked("Eggs"),
    "meat": marked("Meat"),
    "poultry": marked("Poultry"),
    "honey": marked("Honey"),
    "maple syrup": marked("Maple syrup"),
    "juice": marked("Juice"),
    "dry beans": marked("Dry beans"),
    "mushrooms": marked("Mushrooms"),
    "preserves": marked("Preserves"),
    "herbs": marked("Herbs"),
    "grains": marked("Grains"),
    "nuts": marked("Nuts"),
    "fish": marked("Fish"),
}
"""Families that directories name again and again; others are shown as they were written."""
SHORTAGES: Final = {
    Shortage.LESS: marked("Less of it is welcome"),
    Shortage.SWAP: marked("Something else instead"),
    Shortage.CANCEL: marked("All of it or none"),
}
METHODS: Final = {
    Method.PICK_UP: (marked("When I pick it up"), marked("You pay for what is there. Nothing is charged before.")),
    Method.CREDIT: (marked("From my credit"), marked("It is held, and charged when the goods are there.")),
    Method.STRIPE: (marked("By card"), marked("It is held, and charged when the goods are there.")),
    Method.WECHAT: (marked("WeChat Pay"), marked("It is paid now; what the order costs less comes back to you.")),
    Method.ALIPAY: (marked("Alipay"), marked("It is paid now; what the order costs less comes back to you.")),
}
PAYMENTS: Final = {
    State.PROMISED: (marked("To pay at pick-up"), "quiet", "money"),
    State.AUTHORISING: (marked("Waits for you to pay"), "wait", "clock"),
    State.HELD: (marked("Held, not charged"), "go", "lock"),
    State.CAPTURED: (marked("Paid"), "go", "check"),
    State.DUE: (marked("To pay at pick-up"), "wait", "money"),
    State.COLLECTED: (marked("Paid at pick-up"), "go", "check"),
    State.RELEASED: (marked("Let go, nothing charged"), "quiet", "check"),
    State.FAILED: (marked("Did not work"), "stop", "warning"),
}
ITEMS: Final = {
    Item.SALE: marked("Goods"),
    Item.DELIVERY: marked("Handing out"),
    Item.DEPOSIT: marked("Deposit for crates"),
}
STANDING: Final = {
    StandingState.RUNNING: (marked("Runs"), "go", "repeat"),
    StandingState.PAUSED: (marked("Rests"), "wait", "pause"),
    StandingState.ENDED: (marked("Has ended"), "quiet", "cross"),
}
