"""The tests, kits and meanings that every province begins with; the office adds more, and ends what is not used.

Sources: LOINC 94558-4 and 94500-6; the EU's list of rapid antigen tests (JRC 345, 1232); the leaflets of the kits.
"""

from datetime import UTC, datetime

from chotxanh.domain.methods import DCC_TYPES, Method, Purpose, SpecimenType
from chotxanh.domain.questionnaire import NOTICE_VERSION
from chotxanh.domain.standing.rules import JULY_2021
from chotxanh.ledger.server_log import Deed
from chotxanh.protocol.envelope import new_id
from chotxanh.registers.kits.entries import KitListed
from chotxanh.registers.kits.models import Kit, ListedTest
from chotxanh.registers.kits.testing import TestListed
from chotxanh.registers.notices.entries import PRIVACY, published
from chotxanh.registers.retention.entries import Category, RetentionSet
from chotxanh.registers.retention.models import Retention
from chotxanh.registers.rules.entries import RuleEnacted
from chotxanh.registers.rules.models import Meaning
from chotxanh.site.notice import publication

AG_RAPID = TestListed(
    code="ag-rapid",
    name="Xét nghiệm nhanh kháng nguyên SARS-CoV-2",
    method=Method.AG_RAPID,
    purpose=Purpose.SCREENING,
    loinc="94558-4",
    dcc_type=DCC_TYPES[Method.AG_RAPID],
    specimen_types=[SpecimenType.NASOPHARYNGEAL, SpecimenType.NASAL],
    largest_pool=1,
)
RT_PCR = TestListed(
    code="rt-pcr",
    name="RT-PCR SARS-CoV-2",
    method=Method.RT_PCR,
    purpose=Purpose.CONFIRMATORY,
    loinc="94500-6",
    dcc_type=DCC_TYPES[Method.RT_PCR],
    specimen_types=[SpecimenType.NASOPHARYNGEAL, SpecimenType.OROPHARYNGEAL, SpecimenType.SALIVA],
    largest_pool=10,
)
# In force from 28 April 2021, midnight in Viet Nam.
MEANING = RuleEnacted(
    code=JULY_2021.code,
    anchor=None,
    valid_for_hours=None,
    effective_from=datetime(2021, 4, 27, 17, tzinfo=UTC),
    legal_reference="Hướng dẫn xét nghiệm nhanh kháng nguyên, chẩn đoán và điều trị COVID-19 (Bộ Y tế, 2021)",
    document="2022/QĐ-BYT ngày 28/4/2021, 3416/QĐ-BYT ngày 14/7/2021",
    standing="july-2021",
)
# Code, name, minutes from and until which the line may be read, number in the EU's list.
KITS = (
    ("standard-q", "STANDARD Q COVID-19 Ag Test (SD Biosensor)", 15, 30, "345"),
    ("panbio", "Panbio COVID-19 Ag Rapid Test (Abbott)", 15, 20, "1232"),
)


# Days for which what identifies people is kept. A journey: twice the longest incubation of July 2021 (21 days), and a
# margin for tracing; the rest: as long as somebody may be asked about a result.
KEPT_DAYS = {
    Category.JOURNEYS: 60,
    Category.PEOPLE: 180,
    Category.CERTIFICATES: 180,
    Category.SET_ASIDE: 30,
    Category.ACCESS_LOG: 730,
    Category.FACTS: 90,
}


def missing_tests() -> list[Deed]:
    """Return the deeds by which a register that lists no test yet begins; none where it lists one."""
    if ListedTest.objects.exists() or Kit.objects.exists():
        return []
    rapid = new_id()
    kits = [
        KitListed(code=code, name=name, test=rapid, earliest=earliest, latest=latest, dcc_device=device)
        for code, name, earliest, latest, device in KITS
    ]
    return [Deed(AG_RAPID, id=rapid), Deed(RT_PCR), *(Deed(kit) for kit in kits)]


def missing_meanings() -> list[Deed]:
    """Return the deed by which a province that says nothing of what results mean begins; none where it does."""
    return [] if Meaning.objects.exists() else [Deed(MEANING)]


def missing_retention(now: datetime) -> list[Deed]:
    """Return the deeds by which times of keeping begin now (UTC); none where the office has set one."""
    if Retention.objects.exists():
        return []
    return [Deed(RetentionSet(category, days, now)) for category, days in KEPT_DAYS.items()]


def missing_notice(now: datetime) -> list[Deed]:
    """Return the deed by which the notice of personal data is published now (UTC); none where its version was."""
    return [] if published(PRIVACY, NOTICE_VERSION, now) else [Deed(publication(now))]
