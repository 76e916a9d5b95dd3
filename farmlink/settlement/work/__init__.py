"""Files that settlement makes and reads."""

from farmlink.settlement.work.files import csv_file, sepa_file
from farmlink.settlement.work.weights import import_weights

__all__ = ["csv_file", "import_weights", "sepa_file"]
