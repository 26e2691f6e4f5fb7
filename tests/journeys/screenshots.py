# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the pictures of README. The size of the screen is in ATLAS_SIZE."""

import os
import re
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


def take(name, program):
    width, height = (int(side) for side in os.environ["ATLAS_SIZE"].split("x"))
    program.resize(width, height)
    program.move_to(width - 1, height - 1)
    time.sleep(8)  # a little history; and a screenshot has no condition to wait for
    program.screenshot(os.path.join(os.environ["ATLAS_SCREENSHOTS"], f"{name}.png"))


def python(name, code):
    with open(name, "w", encoding="utf-8") as file:
        file.write(code)
    subject = start_subject("/usr/bin/python3", name)
    wait_for("the subject", lambda: subject.stdout.readline().strip() == "ready")
    return subject


def picture(name, code, color_scheme):
    subject = python("buffers.py" if code is SUBJECT else "many.py", code)
    program = Program(subject.pid, environment={"ADW_DEBUG_COLOR_SCHEME": color_scheme})
    program.find("image", re.compile("^Memory map"))
    take(name, program)
    program.quit()


def light():
    picture("light", SUBJECT, "prefer-light")


def dark():
    picture("dark", SUBJECT, "prefer-dark")


def thousand_regions():
    picture("thousand-regions", MANY, "prefer-light")


def narrow():
    picture("narrow", SUBJECT, "prefer-light")


def wide():
    picture("wide", SUBJECT, "prefer-light")


# --- the lab: a process of one's own, told what to do by the command line and by the form --------


def open_lab(color_scheme, *arguments):
    program = Program(*arguments, environment={"ADW_DEBUG_COLOR_SCHEME": color_scheme})
    program.find("image", re.compile("^Memory map"))
    return program


def tell(program, *commands):
    """Types commands of the lab."""
    for command in commands:
        program.key("ctrl+k")
        program.enter(command)
        time.sleep(1)  # so that their marks stand apart


def predict(program, how, size, resident):
    program.press(program.find(name="Predict first"))
    program.click(program.find(name=how))
    for counter, guess in ("VmSize", size), ("VmRSS", resident):
        program.click(program.find(name=f"Predicted change of {counter}"))
        program.type(guess)


def choose(program, name, title):
    """Chooses by the keyboard what is called title in the list called name."""
    program.click(program.find("combo box", name))
    time.sleep(1)
    program.key(*["Down"] * CHOICES[title], "Return")
    time.sleep(1)


CHOICES = {"Write Every Page": 2, "mlock ()": 1}


def lab():
    program = open_lab("prefer-light", "--lab")
    program.click(program.find(name="Limits"))
    tell(program, "malloc a 100K", "touch a write", "malloc b 256K", "mmap c 4M",
         "touch c write from 0 to 300", "touch c read from 300 to 600")
    predict(program, "mmap", "+260 KiB", "+256 KiB")
    choose(program, "Touch", "Write Every Page")
    choose(program, "Lock", "mlock ()")
    program.press(program.find("push button", re.compile("Allocate$")))
    program.sees("you predicted")
    take("lab", program)
    program.quit()


def lab_limit():
    program = open_lab("prefer-dark", "--lab")
    program.click(program.find(name="Limits"))
    tell(program, "setrlimit memlock 2M", "malloc a 1M", "touch a write", "mlock a",
         "mmap b 4M", "fork p1", "touch a write from 0 to 100", "mlock b")
    program.sees("RLIMIT_MEMLOCK is 2 MiB")
    take("lab-limit", program)
    program.quit()


def lesson():
    program = open_lab("prefer-light", "--lesson", "virtual-is-not-resident")
    for _ in range(2):
        program.press(program.find("push button", re.compile("Run This Step")))
        program.press(program.find("push button", re.compile("Next Step")))
    program.sees("What do you think?")
    for question, guess in ("RssAnon", "+64 KiB"), ("faults", "64"):
        program.click(program.find("text", re.compile(question)))
        program.type(guess)
    program.press(program.find("push button", re.compile("Run This Step")))
    program.find("push button", re.compile("Next Step|Finish"))
    take("lesson", program)
    program.quit()


run(*{"1440x900": [light, dark, thousand_regions, lab, lab_limit, lesson],
      "800x600": [narrow],
      "2560x1440": [wide]}[os.environ["ATLAS_SIZE"]])
