# SPDX-License-Identifier: GPL-3.0-or-later
"""The window around the main job: the table, states in which there is no map, sizes, settings that
are remembered, and what is read while nobody looks."""

import os
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from atlas_journey import Program, run, start_subject, wait_for  # noqa: E402

SUBJECT = """
import ctypes, sys
ctypes.CDLL (None).prctl (15, b"atlas-subject", 0, 0, 0)
print ("ready", flush=True)
for line in sys.stdin:
    pass
"""

# Forks a child that ends at once and is never waited for.
ZOMBIE = """
import os, sys
child = os.fork ()
if child == 0: os._exit (0)
print (child, flush=True)
for line in sys.stdin:
    pass
"""


def subject():
    process = start_subject("/usr/bin/python3", "-c", SUBJECT)
    wait_for("the subject", lambda: process.stdout.readline().strip() == "ready")
    return process


def count_reads(program):
    """How many read calls the program has made, by the kernel's own count."""
    with open(f"/proc/{program.process.pid}/io", encoding="ascii") as file:
        return int(re.search(r"syscr: (\d+)", file.read()).group(1))


def the_table_holds_the_same_regions():
    process = subject()
    program = Program(process.pid)
    program.find("image", re.compile("^Memory map of atlas-subject"))
    program.key("ctrl+2")
    program.sees("Address range")
    program.sees(re.compile(r"^\[heap\]$"))
    program.key("ctrl+1")
    program.quit()


def a_zombie_is_said_to_be_one():
    parent = start_subject("/usr/bin/python3", "-c", ZOMBIE)
    zombie = int(parent.stdout.readline())
    program = Program(zombie)
    program.sees(re.compile("zombie|ended", re.I))
    program.quit()


def a_process_that_is_not_there():
    program = Program(2**22 - 1)
    program.sees(re.compile("no process|not there|ended|no such", re.I))
    program.quit()


def every_size_will_do():
    """From a small screen to a large one, panes shown and hidden: no warning (they are fatal)."""
    process = subject()
    program = Program(process.pid)
    program.find("image", re.compile("^Memory map of atlas-subject"))
    for width, height in ((800, 600), (1400, 880), (900, 600), (1440, 900)):
        program.resize(width, height)
        for key in ("F9", "ctrl+i", "F9", "ctrl+i"):
            program.key(key)
            program.find("image", re.compile("^Memory map of atlas-subject"))
    program.quit()


def settings_are_remembered():
    process = subject()
    for hidden in (False, True):
        program = Program(process.pid, environment={"GSETTINGS_BACKEND": "keyfile"})
        if hidden:
            program.sees("Address range")  # it opens with the table, as it was left
        else:
            program.find("image", re.compile("^Memory map of atlas-subject"))
            program.key("ctrl+2")
            program.sees("Address range")
        program.quit()


def nothing_is_read_while_hidden():
    """Iconified, the program stops reading /proc."""
    process = subject()
    program = Program(process.pid)
    program.find("image", re.compile("^Memory map of atlas-subject"))
    before = count_reads(program)
    wait_for("it to read", lambda: count_reads(program) > before + 10)
    subprocess.run(["xdotool", "windowunmap", "--sync", program.window_id], check=True)

    def is_quiet():
        first = count_reads(program)
        time.sleep(3)  # three intervals
        return count_reads(program) - first < 10

    wait_for("it to be quiet", is_quiet)
    subprocess.run(["xdotool", "windowmap", "--sync", program.window_id], check=True)
    before = count_reads(program)
    wait_for("it to read again", lambda: count_reads(program) > before + 10)
    program.quit()


def no_graphics_driver_is_loaded():
    """They are as large as all the rest of the program. A menu is a window of its own."""
    process = subject()
    program = Program(process.pid)
    program.find("image", re.compile("^Memory map of atlas-subject"))
    program.key("F10")
    program.sees_menu()
    with open(f"/proc/{program.process.pid}/maps", encoding="ascii") as file:
        loaded = re.findall(r"\S*/(?:lib(?:GL|EGL|LLVM|gallium|vulkan_)\S*|\S*_dri\.so)", file.read())
    assert not loaded, f"loaded: {sorted(set(loaded))}"
    program.key("Escape")
    program.quit()


def help_and_shortcuts():
    process = subject()
    program = Program(process.pid)
    program.find("image", re.compile("^Memory map of atlas-subject"))
    program.key("F10")
    program.sees_menu()
    program.key("Escape")
    main = program.window_id
    program.key("ctrl+question")
    program.window_id = wait_for("the shortcuts", lambda: program.find_window(other_than=main))
    program.key("Escape")
    wait_for("them to close", lambda: program.find_window(other_than=main) is None)
    program.window_id = main
    program.quit()


def the_process_is_killed_while_it_is_read():
    for _ in range(3):
        process = subject()
        program = Program(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        program.sees(re.compile("ended|no process|not there", re.I))
        program.quit()


run(the_table_holds_the_same_regions, a_zombie_is_said_to_be_one, a_process_that_is_not_there, every_size_will_do, settings_are_remembered,
    nothing_is_read_while_hidden, no_graphics_driver_is_loaded, help_and_shortcuts, the_process_is_killed_while_it_is_read)
