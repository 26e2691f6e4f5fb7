# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the pictures of README. The size of the screen is in ATLAS_SIZE."""

import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from atlas_journey import Program, start_subject, run, wait_for  # noqa: E402

SUBJECT = """
import mmap, os, time, threading
data = [bytearray (os.urandom (300 << 10)) for _ in range (20)]
small = [b"x" * (100 + i % 900) for i in range (20000)]
zero = mmap.mmap (-1, 2 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for i in range (0, 1 << 20, 4096): zero[i]
for i in range (1 << 20, 3 << 19, 4096): zero[i] = 1
shared = mmap.mmap (-1, 1 << 20)
shared[:600000] = b"y" * 600000
threading.Thread (target=time.sleep, args=(600,), daemon=True).start ()
print ("ready", flush=True)
time.sleep (600)
"""

MANY = """
import mmap, time
maps = [mmap.mmap (-1, 4096 * (1 + i % 40), prot=mmap.PROT_READ | (mmap.PROT_WRITE if i % 2 else 0),
                   flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) for i in range (1000)]
for i, m in enumerate (maps):
  if i % 2:
    for page in range (0, len (m), 8192): m[page] = 1
print ("ready", flush=True)
time.sleep (600)
"""


def take(name, program, *keys, settle=1.5):
    if keys:
        program.key(*keys)
    time.sleep(settle)  # let the picture come to rest: a screenshot has no condition to wait for
    program.screenshot(os.path.join(os.environ["ATLAS_SCREENSHOTS"], f"{name}.png"))


def python(code):
    subject = start_subject("/usr/bin/python3", "-c", code)
    wait_for("the subject", lambda: subject.stdout.readline().strip() == "ready")
    return subject


def pictures(color_scheme, suffix):
    subject = python(SUBJECT)
    program = Program(subject.pid, environment={"ADW_DEBUG_COLOR_SCHEME": color_scheme})
    size = program.window_id and os.environ["ATLAS_SIZE"].split("x")
    subprocess.run(["xdotool", "windowmove", program.window_id, "0", "0", "windowsize",
                    program.window_id, *size], check=False)
    program.sees(re.compile("heap"))
    take(suffix, program)
    program.quit()


def light():
    pictures("prefer-light", {"1440x900": "light", "800x600": "narrow",
                              "2560x1440": "wide"}[os.environ["ATLAS_SIZE"]])


def dark():
    pictures("prefer-dark", {"1440x900": "dark", "800x600": "narrow-dark",
                             "2560x1440": "wide-dark"}[os.environ["ATLAS_SIZE"]])


def many():
    subject = python(MANY)
    program = Program(subject.pid, environment={"ADW_DEBUG_COLOR_SCHEME": "prefer-light"})
    program.sees(re.compile("heap"))
    take("thousand-regions", program)
    program.quit()


run(*([light, dark, many] if os.environ["ATLAS_SIZE"] == "1440x900" else [light]))
