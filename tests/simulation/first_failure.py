"""Runs seeds until one fails: `python -m tests.simulation.first_failure 2000` and perhaps `devices`.

Prints the failure, and exits with 1.
"""

import sys

from tests.simulation.failures import failing

report = next(failing(range(1, int(sys.argv[1]) + 1), devices="devices" in sys.argv), None)
if report:
    sys.stdout.write(f"seed {report.plan.seed}: {report.violations[0][:160]}\n")
sys.exit(report is not None)
