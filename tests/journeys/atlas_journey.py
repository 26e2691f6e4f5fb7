# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real program under Xvfb as a person would: what is seen through AT-SPI, what is done
through keys and the mouse. Waits are for conditions, with a bound, never for time to pass."""

import itertools
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

# A loaded machine answers late; that does not mean that the program is gone.
Atspi.set_timeout(15000, 15000)

# Seconds; far more than anything takes on a loaded machine. Less is handy while writing a journey.
PATIENCE = int(os.environ.get("ATLAS_PATIENCE", "60"))


class Unmet(Exception):
    """A condition that did not come true in time."""


def wait_for(what, condition, patience=PATIENCE):
    """Calls condition until it gives something true, which is returned."""
    end = time.monotonic() + patience
    while True:
        try:
            result = condition()
        except GLib.Error:
            result = None  # the accessible went away under us
        if result:
            return result
        if time.monotonic() > end:
            raise Unmet(f"waited {patience} s for {what}")
        time.sleep(0.05)


def walk(node, last_first=False):
    yield node
    numbers = range(node.get_child_count())
    for i in reversed(numbers) if last_first else numbers:
        child = node.get_child_at_index(i)
        if child is not None:
            yield from walk(child, last_first)


# What newer versions of GTK and AT-SPI call what older ones call otherwise.
OLD_ROLES = {"button": "push button", "toggle button": "push button", "grouping": "panel"}


def role_of(node):
    return OLD_ROLES.get(node.get_role_name(), node.get_role_name())


def describe(node, depth=0):
    """The accessible tree as text, for a failure's report."""
    lines = []
    try:
        lines.append(f"{'  ' * depth}{node.get_role_name()} “{node.get_name()}” {node.get_description()}")
        for i in range(node.get_child_count()):
            child = node.get_child_at_index(i)
            if child is not None:
                lines += describe(child, depth + 1)
    except GLib.Error:
        pass
    return lines


class Program:
    """The program under test, with settings and home of its own."""

    def __init__(self, *arguments, environment=None):
        self.errors = tempfile.TemporaryFile()
        # into the corner: where it is at first, it would soon have a tooltip
        subprocess.run(["xdotool", "mousemove", "9999", "9999"], check=True)
        self.process = subprocess.Popen(
            [os.environ["ATLAS_PROGRAM"], *map(str, arguments)],
            stderr=self.errors,
            env={**os.environ, "G_DEBUG": "fatal-warnings", **(environment or {})},
        )
        SUBJECTS.append(self.process)  # so that a failed journey leaves none behind
        PROGRAMS.append(self)
        self.app = wait_for("the program on the accessibility bus", self._find_app)
        wait_for("a window", lambda: self.app.get_child_count() > 0)
        self.window_id = wait_for("the X window", self.find_window)
        # GTK 4.18 leaves out the margins and paddings of all that a widget lies in: 16 to 22 pixels
        # in this window. 4.8 counts them.
        version = self.app.get_toolkit_version() or "4.0"
        self.offset = 19 if int(version.split(".")[1]) >= 10 else 0

    def _find_app(self):
        if self.process.poll() is not None:
            raise Unmet(f"the program ended with {self.process.returncode}: {self.stderr()}")
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(i)
            if app is not None and app.get_process_id() == self.process.pid:
                return app
        return None

    def find_window(self, other_than=None):
        """The number of a window of the program, or None. One with a title: tooltips and menus are
        windows, too."""
        found = subprocess.run(
            ["xdotool", "search", "--all", "--onlyvisible", "--pid", str(self.process.pid),
             "--name", "."],
            capture_output=True, text=True, check=False).stdout.split()
        return next((window for window in reversed(found) if window != other_than), None)

    def wait_for_close(self, main):
        """Of a file dialog. While it is still looking for how a name could go on, it takes Enter for a
        yes to that."""

        def is_closed():
            return self.find_window(other_than=main) is None

        try:
            wait_for("the dialog to close", is_closed, PATIENCE / 6)
        except Unmet:
            self.key("Return")
            wait_for("the dialog to close", is_closed)

    # -- seeing ---------------------------------------------------------------------------

    def nodes(self, role=None, name=None, description=None):
        def fits(text, wanted):
            text = text or ""
            return bool(wanted.search(text)) if hasattr(wanted, "search") else text == wanted

        for node in walk(self.app):
            try:
                if role and role_of(node) != role:
                    continue
                if name is not None and not fits(node.get_name(), name):
                    continue
                if description is not None and not fits(node.get_description(), description):
                    continue
            except GLib.Error:
                continue  # it went away under us
            yield node

    def find(self, role=None, name=None, description=None, patience=PATIENCE):
        what = f"{role or 'anything'} {name!r} {description or ''}"
        return wait_for(what, lambda: next(self.nodes(role, name, description), None), patience)

    def sees(self, text, patience=PATIENCE):
        """Waits until some name or text of the window matches."""
        pattern = text if hasattr(text, "search") else re.compile(re.escape(text))
        return self.find(name=pattern, patience=patience)

    def sees_menu(self):
        """Its items have no name for assistive tools with GTK 4.18."""
        return self.find("menu item")

    def sees_toast(self, text):
        """The same for a toast, which stays for five seconds only, while looking at all there is
        can take longer. It lies over all else, so it is among the first from the top."""
        wait_for(f"a toast {text!r}", lambda: any(
            re.search(text, node.get_name() or "")
            for node in itertools.islice(walk(self.app, last_first=True), 40)))

    def has(self, role=None, name=None):
        return next(self.nodes(role, name), None) is not None

    def has_text(self, text):
        """Whether some entry holds exactly this."""
        for node in self.nodes():
            if "Text" in node.get_interfaces() and node.get_role_name() in ("text", "entry"):
                node.clear_cache()
                if Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node)) == text:
                    return True
        return False

    def screenshot(self, path):
        subprocess.run(["import", "-window", "root", path], check=True)

    # -- doing ----------------------------------------------------------------------------

    def key(self, *keys):
        subprocess.run(["xdotool", "windowfocus", "--sync", self.window_id], check=False,
                       stderr=subprocess.DEVNULL)
        for key in keys:
            subprocess.run(["xdotool", "key", "--clearmodifiers", key], check=True)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--delay", "15", text], check=True)

    def enter(self, text, is_completed=False):
        """Types into the entry that has the focus, or is about to get it, and presses Enter. Some
        entries go on with what they think is meant: that is cut off."""

        def is_typed():
            self.key("ctrl+a")
            self.type(text)
            if is_completed:
                self.key("shift+End", "Delete")
            try:
                return wait_for("it to be there", lambda: self.has_text(text), PATIENCE / 6)
            except Unmet:
                return False  # the entry did not have the focus yet

        wait_for(f"“{text}” to be typed", is_typed)
        self.key("Return")

    def press(self, node):
        """Does a node's first action, as an assistive tool does."""
        node.do_action(0)

    def extents(self, node):
        box = node.get_extents(Atspi.CoordType.WINDOW)
        return box.x + self.offset, box.y + self.offset, box.width, box.height

    def click(self, node, x=None, y=None, button=1):
        """Clicks the middle of a node, or x, y within it, with the mouse."""
        left, top, width, height = self.extents(node)
        self.click_at(left + (width / 2 if x is None else x), top + (height / 2 if y is None else y),
                      button)

    def click_at(self, x, y, button=1):
        """After a popover has closed, only a pointer that moves is noticed, as a person's does."""
        self.move_to(x - 2, y - 2)
        self.move_to(x, y)
        subprocess.run(["xdotool", "click", str(button)], check=True)

    def move_to(self, x, y):
        subprocess.run(["xdotool", "mousemove", "--window", self.window_id, str(round(x)),
                        str(round(y))], check=True)

    def resize(self, width, height):
        subprocess.run(["xdotool", "windowmove", self.window_id, "0", "0", "windowsize",
                        self.window_id, str(width), str(height)], check=True)

        def has_size():
            shown = subprocess.run(["xdotool", "getwindowgeometry", "--shell", self.window_id],
                                   capture_output=True, text=True, check=True).stdout
            return f"WIDTH={width}\nHEIGHT={height}\n" in shown

        wait_for(f"the window to be {width} by {height}", has_size)

    # -- ending ---------------------------------------------------------------------------

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")

    def quit(self):
        """Ctrl+Q: all is let go of in an orderly way, without a word."""
        if self.process.poll() is None:
            self.key("ctrl+q")
        assert self.process.wait(PATIENCE) == 0, f"exit status {self.process.returncode}"
        complaints = [line for line in self.stderr().splitlines()
                      if re.search(r"CRITICAL|WARNING|ERROR|Sanitizer", line)]
        assert not complaints, "on stderr: " + "\n".join(complaints)


def start_subject(command, *arguments):
    """A process to look at; it is ended with the journey."""
    process = subprocess.Popen([command, *map(str, arguments)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    SUBJECTS.append(process)
    return process


class Skipped(Exception):
    """The machine lacks what the journey needs."""


SUBJECTS = []
PROGRAMS = []


def run(*journeys):
    """Runs each journey, or the one that is called as ATLAS_JOURNEY says, in a folder of its own,
    and prints TAP."""
    journeys = [journey for journey in journeys
                if os.environ.get("ATLAS_JOURNEY", journey.__name__) == journey.__name__]
    print(f"1..{len(journeys)}", flush=True)
    failed = 0
    for number, journey in enumerate(journeys, 1):
        name = journey.__name__.replace("_", "-")
        with tempfile.TemporaryDirectory(prefix="atlas-journey-") as folder:
            os.chdir(folder)
            try:
                journey()
                print(f"ok {number} {name}", flush=True)
            except Skipped as reason:
                print(f"ok {number} {name} # SKIP {reason}", flush=True)
            except Exception:  # a journey fails, the next one runs all the same
                failed += 1
                print(f"not ok {number} {name}", flush=True)
                said = [program.stderr() for program in PROGRAMS]
                for line in "\n".join([traceback.format_exc(), *said]).splitlines():
                    print(f"# {line}", flush=True)
                if "ATLAS_SCREENSHOTS" in os.environ:
                    shot = os.path.join(os.environ["ATLAS_SCREENSHOTS"], f"failed-{name}.png")
                    subprocess.run(["import", "-window", "root", shot], check=False)
            finally:
                os.chdir("/")
                for process in SUBJECTS:
                    process.kill()
                    process.wait()
                SUBJECTS.clear()
                PROGRAMS.clear()
    sys.exit(1 if failed else 0)
