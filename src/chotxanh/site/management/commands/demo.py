"""Lays out the demonstration and prints its accounts and a code that enrols one station; or ends its accounts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from chotxanh.domain.codes import group
from chotxanh.registers.devices.enrolment import new_enrolment_code
from chotxanh.registers.devices.models import EnrolmentCode
from chotxanh.registers.devices.node import enrol_node
from chotxanh.site.scenario import ACCOUNTS, Account, end_scenario, lay_out_scenario

ROLES_VI = {
    "data_entry": "nhập liệu",
    "sampling": "lấy mẫu",
    "reading": "đọc kết quả",
    "signing": "ký phiếu",
    "traffic": "điều tiết giao thông",
    "officer": "cán bộ chốt",
    "technician": "kỹ thuật viên",
    "lead": "trưởng ca",
    "physician": "bác sĩ CDC",
}


class Command(BaseCommand):
    """`manage demo`: the scenario of July 2021, said openly."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare `--end`."""
        parser.add_argument("--end", action="store_true", help="end what its accounts may do")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing, then print."""
        now = timezone.now()
        if options["end"]:
            end_scenario(now)
            return
        enrol_node(now)
        lay_out_scenario(now)
        EnrolmentCode.objects.filter(created_by=None, used_by=None).delete()
        code = new_enrolment_code(None, "Máy tại chốt trình diễn", now)
        self.stdout.write("Bản trình diễn: kịch bản tháng 7 năm 2021, không phải số liệu thật.")
        self.stdout.write("Tài khoản (demo accounts):")
        for account in ACCOUNTS:
            self.stdout.write(f"  {line_of(account)}")
        self.stdout.write(f"Mã đăng ký máy (enrols one station, 24 h): {group(code)}")


def line_of(account: Account) -> str:
    """Return an account as `name  password  role`, with two blanks at least between them."""
    place = account.checkpoint or account.facility or "toàn tỉnh"
    return f"{account.username:10}  {account.password}  {ROLES_VI[account.role]}, {place}"
