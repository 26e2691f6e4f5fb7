# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody looks at a process that is not theirs: what is public is shown, and of the rest it is said
that it may not be seen, and what would help. run-journey.sh takes root's rights away."""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(__file__))
from atlas_journey import Program, run  # noqa: E402


def what_may_not_be_read_is_said():
    assert os.getuid() != 0
    program = Program(1)  # always root's
    program.sees("Not Permitted")
    program.sees(re.compile("only root|root see", re.I))
    program.find("push button", re.compile(r"^VmRSS"))
    program.quit()


run(what_may_not_be_read_is_said)
