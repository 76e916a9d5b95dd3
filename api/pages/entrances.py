"""Every page that farmlink serves, by whom it is for."""

from typing import Any

from api.pages.account.applying import ApplyingPages
from api.pages.account.codes import CodePages
from api.pages.account.joining import JoiningPages
from api.pages.account.letters import LetterChoicePages, WayOutPages
from api.pages.account.me import SelfPages
from api.pages.api_page import api_front, api_page
from api.pages.choices import choose
from api.pages.farm.entrance import FARM_PAGES
from api.pages.lead import LEAD_PAGES
from api.pages.letters import LetterPages
from api.pages.ops.approvals import ApprovalPages
from api.pages.ops.audit import AuditPages
from api.pages.ops.backups import BackupPages
from api.pages.ops.jobs import JobPages
from api.pages.ops.metrics import MetricPages
from api.pages.ops.people import PeoplePages
from api.pages.ops.queue import QueuePages
from api.pages.plan import PLAN_PAGES
from api.pages.policy import PolicyPages
from api.pages.records import RECORD_PAGES
from api.pages.shop.entrance import SHOP_PAGES
from api.pages.sign_in import SignInPages
from api.pages.styleguide import styleguide


def page_controllers() -> list[Any]:
    """The handlers of all pages; their order decides nothing."""
    return [
        api_front,
        api_page,
        choose,
        styleguide,
        SignInPages,
        QueuePages,
        JobPages,
        MetricPages,
        BackupPages,
        AuditPages,
        ApprovalPages,
        PeoplePages,
        PolicyPages,
        CodePages,
        JoiningPages,
        LetterChoicePages,
        WayOutPages,
        SelfPages,
        ApplyingPages,
        LetterPages,
        *FARM_PAGES,
        *SHOP_PAGES,
        *LEAD_PAGES,
        *PLAN_PAGES,
        *RECORD_PAGES,
    ]
