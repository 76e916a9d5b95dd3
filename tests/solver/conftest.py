"""The solver's tests also run where nothing of farmlink is installed: their one shared setting stands here."""

import os

import hypothesis

hypothesis.settings.register_profile("suite", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("FARMLINK_HYPOTHESIS", "suite"))
