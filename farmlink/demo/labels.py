"""What the figures of a summary are called: cost components, reasons of a shortage, stages of a demo."""

from typing import Final

from farmlink.kernel.locale import marked

COMPONENTS: Final = {
    "purchase": marked("purchase"),
    "collection": marked("collection"),
    "hub": marked("hub"),
    "line_haul": marked("line haul"),
    "delivery": marked("delivery"),
    "parcel": marked("parcel"),
    "packaging": marked("packaging"),
    "spoilage": marked("spoilage"),
    "commission": marked("commission"),
    "payment_fees": marked("payment fees"),
    "total": marked("total"),
}
REASONS: Final = {
    "no-supply": marked("nobody offers it"),
    "grade": marked("grade too low"),
    "freshness": marked("too old at hand-out"),
    "sold-out": marked("sold out"),
    "minimum-visit": marked("too little for a visit"),
    "whole-packs": marked("less than a pack"),
    "share-cap": marked("a farm's share is capped"),
    "hub-throughput": marked("hub full"),
    "vehicle-capacity": marked("vehicles full"),
    "cold-chain": marked("no cold chain"),
    "no-hub": marked("no hub is open"),
    "unreachable": marked("out of reach"),
    "too-dear": marked("too dear"),
    "pin": marked("a farm's promise binds"),
}
STAGES: Final = {
    "schema": marked("schema"),
    "import": marked("import"),
    "offers": marked("offers"),
    "orders": marked("orders"),
    "close": marked("close"),
    "plan": marked("plan"),
    "answers": marked("answers"),
    "re-plan": marked("re-plan"),
    "dispatch": marked("dispatch"),
    "next week": marked("next week"),
    "studies": marked("studies"),
}
