# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab: allocate, touch, lock, exceed a limit, free, fork; take a lesson; and lose the process
in any way. After each action what the window says is compared with the kernel."""

import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(__file__))
from atlas_journey import run, wait_for  # noqa: E402
from lab_journey import (Lab, count_present, descendants, is_alive, region_at, regions,  # noqa: E402
                         status_kb, text_of)

KIB = 1024

# A drop-down: of its two names, GTK 4.18 tells what is chosen.
PROCESS = r"Process of the lab| · PID \d"


def start_from_the_sidebar():
    """Lab, Start: the window looks at a process of its own, and agrees with the kernel on it."""
    lab = Lab()
    lab.program.sees("Choose a Process")
    lab.program.click(lab.program.find("page tab", "Lab"))
    lab.press("Lab", "Start$")
    pid = lab.pid()
    assert pid in descendants(lab.program.process.pid)
    lab.agrees()
    lab.quit()
    assert not is_alive(pid)


def malloc_by_brk():
    """100 KiB through the form: what was typed, what became of it, and what it changed."""
    lab = Lab("--lab")
    pid = lab.pid()
    before = status_kb(pid)
    lab.type_into("Allocate", "^Size", "100K")
    lab.program.key("Return")
    lab.sees(r"a = malloc \(102400\);")
    lab.sees(r"brk \(0x[0-9a-f]+\) = 0x")
    lab.row("a", "^brk 104 KiB$")
    lab.changed(before)
    lab.agrees()
    heap = next(region for region in regions(pid) if region[2] == "[heap]")
    assert heap[1] - heap[0] == 132 * KIB, heap
    lab.row("a", "^2 of 26 resident$")
    assert count_present(pid, heap[0], heap[1]) == 2
    before = status_kb(pid)
    lab.run("touch a write")
    lab.sees(r"24 page faults")
    lab.row("a", "^26 of 26 resident$")
    assert count_present(pid, heap[0], heap[1]) == 26
    lab.changed(before)
    lab.agrees()
    before = status_kb(pid)
    lab.press_in_row("a", "free")
    lab.sees(r"free \(a\);")
    wait_for("the row to go", lambda: "a" not in lab.rows())
    lab.changed(before)
    lab.agrees()
    lab.quit()


def mmap_touched_and_locked():
    """256 KiB through the form, each page written, then locked, unlocked and freed by buttons."""
    lab = Lab("--lab")
    pid = lab.pid()
    before = status_kb(pid)
    lab.type_into("Allocate", "^Size", "256K")
    lab.choose("Allocate", "Touch", "Write Every Page")
    lab.choose("Allocate", "Lock", r"mlock \(\)")
    lab.program.click(lab.find("Allocate", "push button", "Allocate$"))
    lab.sees(r"mlock \(0x[0-9a-f]+, \d+\) = 0")
    strip = lab.strip()
    start = int(re.search(r"mmap \(NULL, 266240, .*\) = (0x[0-9a-f]+)", strip).group(1), 16)
    assert re.search(r"a = malloc \(262144\);", strip), strip
    lab.row("a", "^mmap 260 KiB$")
    lab.row("a", "^65 of 65$")
    lab.row("a", "^unlock$")
    lab.changed(before)
    lab.agrees()
    assert region_at(pid, start)[:2] == (start, start + 266240)
    assert region_at(pid, start)[3]["Rss"] == 260 and "lo" in region_at(pid, start)[3]["flags"]
    assert count_present(pid, start, start + 266240) == 65
    before = status_kb(pid)
    lab.press_in_row("a", "unlock")
    lab.sees(r"munlock \(0x")
    lab.row("a", "^65 of 65 resident$")
    assert "lo" not in region_at(pid, start)[3]["flags"]
    lab.changed(before)
    lab.agrees()
    before = status_kb(pid)
    lab.press_in_row("a", "free")
    lab.sees(rf"munmap \(0x{start:x}, 266240\) = 0")
    wait_for("the region to go", lambda: not any(
        region[0] <= start < region[1] for region in regions(pid)))
    lab.changed(before)
    lab.agrees()
    lab.quit()


def the_wall_of_memlock():
    """Beyond RLIMIT_MEMLOCK: ENOMEM, and how much was left."""
    lab = Lab("--lab")
    pid = lab.pid()
    lab.run("dropcaps")
    lab.sees(r"drop_capabilities \(\);")
    lab.run("setrlimit memlock 128K")
    lab.sees("setrlimit")
    with open(f"/proc/{pid}/limits", encoding="ascii") as limits:
        assert re.search(r"Max locked memory\s+131072\s", limits.read())
    lab.run("mmap m 64K")
    lab.run("mlock m")
    lab.row("m", "^unlock$")
    lab.run("mmap n 256K")
    lab.sees("262144")
    before = status_kb(pid)
    lab.run("mlock n")
    lab.sees(r"mlock \(0x[0-9a-f]+, 262144\) = .*ENOMEM")
    lab.sees("Cannot allocate memory")
    lab.sees(r"RLIMIT_MEMLOCK is 128 KiB\. VmLck is 64 KiB, so 64 KiB are left; 256 KiB more")
    wall = lab.find("What just happened", "image", "^RLIMIT_MEMLOCK")
    assert lab.program.extents(wall)[2] > 100
    assert status_kb(pid)["VmLck"] == before["VmLck"] == 64
    lab.row("n", r"^\d+ of 64 resident$")
    lab.agrees()
    lab.quit()


def commands_and_their_history():
    """Ctrl+K: what is typed in quick succession is all done; Up and Down bring lines back."""
    lab = Lab("--lab")
    pid = lab.pid()
    lab.program.key("ctrl+k")
    script = "".join(f"type --delay 1 '{line}'\nkey --delay 0 Return\n" for line in
                     ["free nothing", *(f"malloc m{i} 256K" for i in range(8)), "#x"])
    subprocess.run(["xdotool", "-"], input=script, text=True, check=True)
    wait_for("all rows", lambda: len(lab.rows()) == 8)
    lab.program.sees_toast("There is no command in this line")
    lab.agrees()
    big = [region for region in regions(pid) if region[1] - region[0] >= 8 * 260 * KIB]
    assert big, regions(pid)
    entry = lab.find("Lab", "text", "Command for the lab")

    def holds(text):
        return text_of(entry) == text

    lab.program.type("malloc dr")
    lab.program.key("Up")
    wait_for("the last line", lambda: holds("#x"))
    lab.program.key("Up", "Up")
    wait_for("the third last", lambda: holds("malloc m6 256K"))
    lab.program.key("Down", "Down", "Down")
    wait_for("what was begun", lambda: holds("malloc dr"))
    lab.program.key("ctrl+a", "BackSpace", "Up", "Up", "Return")
    lab.sees("m7")
    lab.sees("EINVAL")
    lab.quit()


def prediction_beside_fact():
    lab = Lab("--lab")
    lab.pid()
    lab.type_into("Allocate", "^Size", "256K")
    lab.program.click(lab.find("Allocate", "push button", "Predict first"))
    lab.program.click(lab.find("Allocate", None, "^mmap$"))
    lab.type_into("Allocate", "Predicted change of VmSize", "+260 KiB")
    lab.type_into("Allocate", "Predicted change of VmRSS", "256")
    lab.program.key("ctrl+k")
    lab.run("malloc first 1K")  # from here on, there is a heap
    lab.row("first", "brk")
    before = status_kb(lab.pid())
    lab.program.click(lab.find("Allocate", "push button", "Allocate$"))
    lab.sees("✓ you predicted mmap")
    lab.sees(r"✓ you predicted VmSize \+260 KiB")
    fact = lab.sees(r"✗ you predicted VmRSS \+256 KiB; it was \+(\d+) KiB").group(1)
    after = status_kb(lab.pid())
    assert abs(int(fact) - (after["VmRSS"] - before["VmRSS"])) <= 16, (fact, before, after)
    lab.changed(before)
    for entry in ("VmSize", "VmRSS"):
        assert text_of(lab.find("Allocate", "text", f"change of {entry}")) == ""
    lab.quit()


def fork_and_switch():
    """Both processes can be looked at; what they still share is marked."""
    lab = Lab("--lab")
    parent = lab.pid()
    lab.run("mmap a 256K")
    lab.run("touch a write")
    lab.sees("64 page faults")
    lab.run("fork kid")
    lab.sees(r"child_kid = fork \(\);")
    wait_for("a child", lambda: len(descendants(parent)) == 1)
    child = descendants(parent)[0]
    lab.choose("Lab", PROCESS, f"Child kid · PID {child}")
    wait_for("the child in the title", lambda: lab.pid() == child)
    lab.agrees(child)
    lab.row("a", "^64 of 64 resident$")
    lab.choose_of_menu("More for a", "Show on the Map", 6)
    wait_for("the mark of what is shared",
             lambda: "still shared with another process" in lab.image("Legend: "))
    before = status_kb(child)
    lab.run("munmap a")
    lab.sees(r"munmap \(0x")
    wait_for("the row to go", lambda: "a" not in lab.rows())
    lab.changed(before, child)
    lab.agrees(child)
    lab.choose("Lab", PROCESS, f"itself · PID {parent}")
    wait_for("the parent in the title", lambda: lab.pid() == parent)
    lab.row("a", "^64 of 64 resident$")
    lab.agrees(parent)
    os.kill(child, signal.SIGKILL)
    lab.run("child kid list")
    lab.sees("killed by SIGKILL|was killed")
    assert lab.pid() == parent
    lab.quit()


def script_and_program():
    """A script is opened and run; it and a C program that does the same can be copied."""
    with open("some.lab", "w", encoding="ascii") as file:
        file.write("# three\nmalloc a 100K\ntouch a write\n\nmmap b 1M\n")
    lab = Lab("--lab")
    pid = lab.pid()
    lab.run_script(os.path.abspath("some.lab"))
    lab.program.sees_toast("ran to its end")
    lab.row("b", "^mmap 1 MiB$|1 MiB")
    lab.row("a", "^26 of 26 resident$")
    lab.agrees(pid)
    lab.choose_of_menu("Script", "Copy as Script", 1)
    lab.program.sees_toast("clipboard")
    copied = lab.paste()
    assert [line for line in copied.splitlines() if not line.startswith("#")] \
        == ["malloc a 100K", "touch a write", "mmap b 1M"], copied
    lab.choose_of_menu("Script", "Copy as C", 0)
    code = lab.paste()
    assert "malloc (102400)" in code and "mmap (" in code, code
    with open("same.c", "w", encoding="utf-8") as file:
        file.write(code)
    subprocess.run(["cc", "-o", "same", "same.c"], check=True)
    assert subprocess.run(["./same"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=20,
                          check=False).returncode == 0
    with open("wrong.lab", "w", encoding="ascii") as file:
        file.write("malloc c 100K\nmallok d 100K\n")
    lab.run_script(os.path.abspath("wrong.lab"))
    lab.program.sees_toast("2")
    lab.quit()


def a_fresh_process():
    lab = Lab("--lab")
    first = lab.pid()
    lab.run("malloc a 256K")
    lab.row("a", "mmap")
    lab.press("Lab", "Fresh Process$")
    second = wait_for("another process", lambda: lab.pid() != first and lab.pid())
    wait_for("the first to end", lambda: not is_alive(first))
    assert not lab.rows()
    lab.agrees(second)
    lab.quit()


run(start_from_the_sidebar, malloc_by_brk, mmap_touched_and_locked, the_wall_of_memlock,
    commands_and_their_history, prediction_beside_fact, fork_and_switch, script_and_program,
    a_fresh_process)
