# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's process is killed or stopped from outside, or the whole program is: the window says
what happened, nothing hangs, and no process stays behind."""

import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(__file__))
from atlas_journey import Skipped, run, wait_for  # noqa: E402
from lab_journey import Lab, descendants, is_alive, status_kb  # noqa: E402

BURST = ["malloc a 256K", "touch a write", "free a", "fork p", "child p malloc x 1M",
         "child p exit", "thread start t", "thread t malloc y 64K", "thread stop t", "overflow",
         "mmap m 4M", "mprotect m none", "touch m write", "munmap m", "nonsense"]


def type_fast(lab, lines):
    """All of them, without a look at what comes of it."""
    lab.program.key("ctrl+k")
    script = "".join(f"type --delay 1 '{line}'\nkey --delay 0 Return\n" for line in lines)
    subprocess.run(["xdotool", "-"], input=script, text=True, check=True)


def says(lab, pattern):
    wait_for(f"“{pattern}”", lambda: any(re.search(pattern, text) for text in lab.texts("Lab")))


def start_again(lab, last):
    """From the page that says why it ended."""
    lab.press("Lab", "^_?Start")
    wait_for("a fresh process", lambda: lab.pid() != last)
    lab.run("malloc again 256K")
    lab.row("again", "mmap")
    lab.agrees()


def killed_while_it_works():
    lab = Lab("--lab")
    pid = lab.pid()
    type_fast(lab, BURST)
    os.kill(pid, signal.SIGKILL)
    says(lab, "killed by SIGKILL")
    lab.program.sees(re.compile("ended. This is its last picture"))
    wait_for("all of it to end", lambda: not descendants(lab.program.process.pid))
    start_again(lab, pid)
    lab.quit()


def make_cgroup(limit):
    """A memory cgroup of either version with a limit in bytes, or why there can be none."""
    for top, file, swap in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes", None),
                            ("/sys/fs/cgroup", "memory.max", "memory.swap.max")):
        path = os.path.join(top, f"atlas-journey-{os.getpid()}")
        if not os.path.exists(os.path.join(top, "cgroup.procs")):
            continue
        try:
            os.mkdir(path)
            for name, value in ((file, limit), (swap, 0)):
                if name and os.path.exists(os.path.join(path, name)):
                    with open(os.path.join(path, name), "w", encoding="ascii") as setting:
                        setting.write(str(value))
            if os.path.exists(os.path.join(path, file)):
                return path
            os.rmdir(path)
        except OSError:
            if os.path.isdir(path):
                os.rmdir(path)
    raise Skipped("no memory cgroup can be made")


def killed_by_its_memory_cgroup():
    """ENOMEM is an answer; this is the end, and is shown as that."""
    cgroup = make_cgroup(64 << 20)
    lab = Lab("--lab")
    pid = lab.pid()
    try:
        with open(os.path.join(cgroup, "cgroup.procs"), "w", encoding="ascii") as members:
            members.write(str(pid))
        lab.run("mmap a 256M")
        lab.row("a", "mmap 256 MiB")
        lab.run("touch a write")
        says(lab, r"out of memory in its memory cgroup \(limit 64 MiB\)")
        lab.sees("killed by the kernel: out of memory")
        assert lab.strip().count("out of memory") == 1, lab.strip()
        lab.program.sees(re.compile("ended. This is its last picture"))
        wait_for("all of it to end", lambda: not descendants(lab.program.process.pid))
        start_again(lab, pid)  # outside of that cgroup
        lab.quit()
    finally:
        lab.program.process.kill()
        wait_for("the cgroup to be empty", lambda: try_to_remove(cgroup))


def try_to_remove(directory):
    try:
        os.rmdir(directory)
        return True
    except OSError:
        return False


def the_tracer_is_killed():
    lab = Lab("--lab")
    pid = lab.pid()
    lab.run("fork kid")
    lab.sees("fork")
    tracer = descendants(lab.program.process.pid)[0]
    os.kill(tracer, signal.SIGKILL)
    says(lab, "ended with its tracer")
    wait_for("all of it to end", lambda: not descendants(lab.program.process.pid))
    start_again(lab, pid)
    lab.quit()


def stopped_and_continued():
    lab = Lab("--lab")
    pid = lab.pid()
    os.kill(pid, signal.SIGSTOP)
    type_fast(lab, ["malloc a 256K", "malloc b 256K"])
    says(lab, "was stopped")
    lab.program.key("ctrl+2")  # the rest of the window goes on
    lab.program.sees("Address range")
    lab.program.key("ctrl+1")
    os.kill(pid, signal.SIGCONT)
    lab.row("b", "mmap")
    wait_for("no more word of it", lambda: not any("was stopped" in text
                                                   for text in lab.texts("Lab")))
    lab.agrees(pid)
    lab.quit()


def stopped_and_replaced():
    lab = Lab("--lab")
    pid = lab.pid()
    os.kill(pid, signal.SIGSTOP)
    type_fast(lab, ["malloc a 256K", "malloc b 256K"])
    says(lab, "was stopped")
    lab.press("Lab", "Fresh Process$")
    second = wait_for("a fresh process", lambda: lab.pid() != pid and lab.pid())
    wait_for("the first to end", lambda: not is_alive(pid))
    lab.run("malloc c 256K")
    lab.row("c", "mmap")
    assert set(lab.rows()) == {"c"}, lab.rows()
    lab.agrees(second)
    lab.quit()


def closed_while_it_is_stopped():
    """The program ends all the same, and so does the process."""
    lab = Lab("--lab")
    pid = lab.pid()
    os.kill(pid, signal.SIGSTOP)
    type_fast(lab, ["malloc a 256K", "malloc b 256K"])
    says(lab, "was stopped")
    lab.quit()
    assert not is_alive(pid)


def closed_while_it_works():
    lab = Lab("--lab")
    lab.pid()
    type_fast(lab, BURST)
    lab.quit()


def lab_in_a_script():
    """A lab that is in the middle of a long script, and its PID."""
    with open("long.lab", "w", encoding="ascii") as file:
        file.write("mmap m0 64K\n" + "touch m0 write\n" * 2000)
    lab = Lab("--lab")
    pid = lab.pid()
    before = status_kb(pid)["VmData"]
    lab.run_script(os.path.abspath("long.lab"))
    wait_for("it to begin", lambda: status_kb(pid)["VmData"] == before + 64)
    return lab, pid


def closed_while_a_script_runs():
    lab, _ = lab_in_a_script()
    lab.quit()


def killed_while_a_script_runs():
    lab, pid = lab_in_a_script()
    os.kill(pid, signal.SIGKILL)
    says(lab, "killed by SIGKILL")
    start_again(lab, pid)
    lab.quit()


def the_program_is_killed():
    lab = Lab("--lab")
    pid = lab.pid()
    for command in ("fork kid", "child kid fork kid", "thread start t"):
        lab.run(command)
    wait_for("two forks", lambda: len(descendants(pid)) == 2)
    left = descendants(lab.program.process.pid)
    assert len(left) == 4, left
    lab.program.process.send_signal(signal.SIGKILL)
    wait_for("all processes to end", lambda: not any(is_alive(one) for one in left))


def the_program_is_killed_while_it_is_stopped():
    lab = Lab("--lab")
    pid = lab.pid()
    left = descendants(lab.program.process.pid)
    os.kill(pid, signal.SIGSTOP)
    lab.program.process.send_signal(signal.SIGKILL)
    wait_for("all processes to end", lambda: not any(is_alive(one) for one in left))


def typed_on_when_it_has_ended():
    """Blanks and Enter that come after exit press no button."""
    lab = Lab("--lab")
    pid = lab.pid()
    type_fast(lab, ["malloc a 256K", "exit"])
    says(lab, "ended by itself")
    lab.program.type("free a ")
    lab.program.key("space", "Return", "ctrl+2")
    lab.program.sees("Address range")  # so all keys before were taken
    lab.program.key("ctrl+1")
    says(lab, "ended by itself")
    assert not descendants(lab.program.process.pid)
    lab.program.key("ctrl+k", "Return")  # goes to Start
    wait_for("a fresh process", lambda: lab.pid() != pid)
    lab.agrees()
    lab.quit()


run(killed_while_it_works, killed_by_its_memory_cgroup, the_tracer_is_killed, stopped_and_continued,
    stopped_and_replaced, closed_while_it_is_stopped, closed_while_it_works,
    closed_while_a_script_runs, killed_while_a_script_runs, the_program_is_killed,
    the_program_is_killed_while_it_is_stopped, typed_on_when_it_has_ended)
