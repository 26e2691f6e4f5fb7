# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job, as a person does it: open, search, click a process, read its map, select a region,
export the picture; and what happens when the process ends or may not be read."""

import json
import os
import re
import signal
import struct
import subprocess
import sys
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.dirname(__file__))
from atlas_journey import Atspi, Program, describe, run, start_subject, wait_for  # noqa: E402

SUBJECT = """
import ctypes, mmap, sys
ctypes.CDLL (None).prctl (15, b"atlas-subject", 0, 0, 0)
area = mmap.mmap (-1, 64 * 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for page in range (16): area[page * 4096] = 1
print ("ready", flush=True)
for line in sys.stdin:
    pass
"""


def subject():
    process = start_subject("/usr/bin/python3", "-c", SUBJECT)
    wait_for("the subject", lambda: process.stdout.readline().strip() == "ready")
    return process


def status_kb(pid, counter):
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        return int(re.search(rf"^{counter}:\s+(\d+) kB", status.read(), re.M).group(1))


def maps_lines(pid):
    with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as maps:
        return maps.read().splitlines()


def focus_map(program):
    """Clicks the heading of a card, which selects its region, and gives the map."""
    view = program.find("image", re.compile("^Memory map"))
    program.click(view, 60, 60)
    return view


def is_on(toggle):
    toggle.clear_cache()
    states = toggle.get_state_set()
    return states.contains(Atspi.StateType.CHECKED) or states.contains(Atspi.StateType.PRESSED)


def save_as(program, path):
    """Ctrl+E, type the path, Enter. There is no window manager, so the dialog is given the focus."""
    main = program.window_id
    program.key("ctrl+e")
    program.window_id = wait_for("the dialog's window", lambda: program.find_window(other_than=main))
    program.enter(path)
    wait_for("the dialog to close", lambda: program.find_window(other_than=main) is None)
    program.window_id = main


def search_and_choose_a_process():
    """Type a name, click the row, see that process's own numbers."""
    process = subject()
    program = Program()
    program.sees("Choose a Process")
    program.key("ctrl+f")
    program.type("atlas-subject")
    row = program.find("list item", re.compile(rf"atlas-subject, PID {process.pid}\b"))
    wait_for("one row", lambda: len(list(program.nodes("list item", re.compile("PID")))) == 1)
    program.click(row)
    program.find("frame", f"atlas-subject — {process.pid}")
    regions = len(maps_lines(process.pid))
    program.find("image", f"Memory map of atlas-subject, {regions} regions")
    size = program.find(name=re.compile(r"^VmSize"))
    assert size is not None
    program.quit()


def read_a_region_off_the_map():
    """Go to an address; the inspector says what maps says of it."""
    process = subject()
    heap = next(line for line in maps_lines(process.pid) if line.endswith("[heap]"))
    start, end = (int(x, 16) for x in heap.split()[0].split("-"))
    program = Program(process.pid)
    program.find("image", re.compile("^Memory map of atlas-subject"))
    program.key("ctrl+l")
    program.enter(f"{start:x}")
    wait_for("the popover to close", lambda: not program.has("text", "Go to address or region"))
    program.sees(f"0x{start:08x}")
    program.sees(f"0x{end:08x}")
    program.find(name="[heap]")
    program.find("image", re.compile("^Memory map"), re.compile(r"\[heap\], page 1 of"))
    program.key("Right")
    program.find("image", re.compile("^Memory map"), re.compile(r"\[heap\], page 2 of"))
    program.key("Left", "plus", "minus", "0")
    program.find("image", re.compile("^Memory map"), re.compile(r"\[heap\], page 1 of"))
    program.quit()


def keys_go_to_the_map_at_once():
    """A process asked for by its PID: plain keys zoom, and do not search."""
    process = subject()
    program = Program(process.pid)
    program.find("image", re.compile("^Memory map of atlas-subject"))
    program.key("minus", "minus", "plus", "Home")
    program.find("image", re.compile("^Memory map"), re.compile("page 1 of"))
    assert program.has("list item", re.compile(rf"atlas-subject, PID {process.pid}\b"))
    program.quit()


def counters_light_their_pages():
    process = subject()
    program = Program(process.pid)
    tile = program.find("push button", re.compile(r"^VmRSS"))

    def says_so():
        tile.clear_cache()
        mib = f"{status_kb(process.pid, 'VmRSS') / 1024:.1f}".removesuffix(".0")
        return re.search(rf"\b{mib}(\.0)? MiB", tile.get_name())

    wait_for("the kernel's own number", says_so)
    program.press(tile)
    wait_for("it to be on", lambda: is_on(tile))
    program.press(program.find("push button", re.compile(r"^VmLck")))
    wait_for("only the other to be on", lambda: not is_on(tile))
    program.quit()


def pause_and_go_on():
    process = subject()
    program = Program(process.pid)
    focus_map(program)

    def sees_button(words):
        # Which of its words are the name and which the description depends on GTK.
        wait_for(words, lambda: any(
            words in f"{node.get_name()} {node.get_description()}"
            for node in program.nodes("push button")))

    program.key("space")
    sees_button("Go on (Space)")
    program.key("space")
    sees_button("Pause (Space)")
    program.quit()


def export_png():
    process = subject()
    program = Program(process.pid)
    program.find("image", re.compile("^Memory map of atlas-subject"))
    path = os.path.abspath("map.png")
    save_as(program, path)
    program.sees_toast("map.png.* saved")
    with open(path, "rb") as file:
        header = file.read(24)
    assert header[:8] == b"\x89PNG\r\n\x1a\n", header
    width, height = struct.unpack(">II", header[16:])
    assert width >= 320 and height >= 320, (width, height)
    assert os.listdir(".") == ["map.png"], os.listdir(".")
    program.quit()


def export_svg():
    """Its text is text, and says what was looked at."""
    process = subject()
    program = Program(process.pid)
    program.find("image", re.compile("^Memory map of atlas-subject"))
    path = os.path.abspath("map.svg")
    save_as(program, path)
    program.sees_toast("map.svg.* saved")
    texts = [element.text or "" for element in
             xml.parse(path).getroot().iter("{http://www.w3.org/2000/svg}text")]
    assert any("atlas-subject" in text for text in texts), texts
    assert any(str(process.pid) in text for text in texts), texts
    assert any(os.uname().release in text for text in texts), texts
    program.quit()


def export_json_and_fail_to_write():
    process = subject()
    program = Program(process.pid)
    program.find("image", re.compile("^Memory map of atlas-subject"))
    save_as(program, os.path.abspath("map.json"))
    program.sees_toast("map.json.* saved")
    with open("map.json", encoding="utf-8") as file:
        data = json.load(file)
    assert data["process"]["pid"] == process.pid
    assert data["counters"]["VmData"] == status_kb(process.pid, "VmData")
    program.quit()


def the_process_ends():
    """Its last picture stays, and a banner says so."""
    process = subject()
    program = Program(process.pid)
    view = program.find("image", re.compile("^Memory map of atlas-subject"))
    process.send_signal(signal.SIGKILL)
    program.sees(re.compile("ended"))
    assert program.has("image", view.get_name())
    process.wait()
    program.quit()


def a_kernel_thread_has_no_memory():
    program = Program(2)
    program.sees("No Memory of Its Own")
    program.quit()


def a_second_start_raises_the_first_window():
    process = subject()
    program = Program()
    program.sees("Choose a Process")
    second = subprocess.run([os.environ["ATLAS_PROGRAM"], str(process.pid)], timeout=20,
                            capture_output=True, text=True, check=False)
    assert second.returncode == 0, second
    program.find("frame", f"atlas-subject — {process.pid}")
    program.quit()


def a_wrong_start_says_so():
    for argument in ("cat", "-7", "0", "99999999999999999999"):
        result = subprocess.run([os.environ["ATLAS_PROGRAM"], "--", argument], timeout=20,
                                capture_output=True, text=True, check=False)
        assert result.returncode == 2, (argument, result)
        assert "not a PID" in result.stderr and len(result.stderr.splitlines()) <= 2, result


def everything_has_a_name():
    """What can be pressed or typed into says what it is. (GTK's own button inside a drop-down does
    not, but the drop-down does.)"""
    process = subject()
    program = Program(process.pid)
    program.find("image", re.compile("^Memory map of atlas-subject"))
    wanted = {"button", "push button", "toggle button", "check box", "entry", "text", "image",
              "list item", "page tab", "combo box", "spin button", "slider"}
    nameless = [f"{node.get_role_name()} “{node.get_name()}”" for node in program.nodes()
                if node.get_role_name() in wanted
                and node.get_parent().get_role_name() != "combo box"
                and re.match("Gtk|Adw|Atlas|$", node.get_name() or "")]
    assert not nameless, nameless + describe(program.app)[:400]
    program.quit()


run(search_and_choose_a_process, read_a_region_off_the_map, keys_go_to_the_map_at_once,
    counters_light_their_pages, pause_and_go_on, export_png, export_svg,
    export_json_and_fail_to_write, the_process_ends, a_kernel_thread_has_no_memory,
    a_second_start_raises_the_first_window, a_wrong_start_says_so, everything_has_a_name)
