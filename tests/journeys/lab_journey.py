# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab in the window, as a journey sees it, and the kernel's word on the process that it shows:
what is read here is read from /proc by the journey itself."""

import os
import re
import time

from atlas_journey import Atspi, GLib, Program, Unmet, role_of, wait_for, walk

PAGE = os.sysconf("SC_PAGE_SIZE")
UNITS = {"B": 1 / 1024, "KiB": 1, "MiB": 1024, "GiB": 1024**2}


# --- the kernel's word -----------------------------------------------------------------------


def status_kb(pid):
    """All Vm... and Rss... lines of status, kB."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        return {name: int(kb) for name, kb in
                re.findall(r"^((?:Vm|Rss)\w+):\s+(\d+) kB", status.read(), re.M)}


def regions(pid):
    """What smaps says: (start, end, name, fields), kB; flags are a list."""
    found = []
    with open(f"/proc/{pid}/smaps", encoding="utf-8", errors="replace") as smaps:
        for line in smaps:
            head = re.match(r"([0-9a-f]+)-([0-9a-f]+) \S+ \S+ \S+ \d+ *(.*)", line)
            if head:
                found.append((int(head[1], 16), int(head[2], 16), head[3], {}))
            elif line.startswith("VmFlags:"):
                found[-1][3]["flags"] = line.split()[1:]
            else:
                name, value = line.split(":")
                found[-1][3][name] = int(value.split()[0])
    return found


def region_at(pid, address):
    return next(region for region in regions(pid) if region[0] <= address < region[1])


def count_present(pid, start, end):
    """Pages of the process's own in memory, by pagemap: present, and not the page of zeros."""
    with open(f"/proc/{pid}/pagemap", "rb") as pagemap:
        pagemap.seek(start // PAGE * 8)
        entries = pagemap.read((end - start) // PAGE * 8)
    return sum(entries[i + 7] >> 7 for i in range(0, len(entries), 8))


def is_alive(pid):
    """A zombie is not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid):
    """All processes that came of @pid and are alive."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and is_alive(entry):
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                    parents[int(entry)] = int(stat.read().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                pass
    found = [pid]
    for parent in found:
        found += [child for child in parents if parents[child] == parent]
    return found[1:]


# --- what is written in the window -----------------------------------------------------------


def kib(text):
    """“1.3 MiB” as KiB, and how far that can be off by being rounded."""
    number, unit = re.fullmatch(r"([\d,.]+) (\w+)", text).groups()
    return float(number.replace(",", "")) * UNITS[unit], 0.051 * UNITS[unit] if "." in number else 0


def fits(text, kb):
    value, leeway = kib(text)
    return abs(value - kb) <= leeway


def text_of(entry):
    entry.clear_cache()
    return Atspi.Text.get_text(entry, 0, Atspi.Text.get_character_count(entry))


class Lab:
    """The program with a process of the lab."""

    def __init__(self, *arguments, environment=None):
        self.program = Program(*arguments, environment=environment)
        self.panes = {}

    # -- seeing ---------------------------------------------------------------------------

    def pane(self, name):
        if name not in self.panes:
            self.panes[name] = self.program.find("panel", name)
        return self.panes[name]

    def image(self, name):
        """What the image whose name begins so is called now."""
        if name not in self.panes:
            self.panes[name] = self.program.find("image", re.compile(f"^{name}"))
        self.panes[name].clear_cache()
        return self.panes[name].get_name()

    def nodes(self, pane, role=None, name=None):
        """All that is in a pane now."""
        for node in walk(self.pane(pane)):
            try:
                node.clear_cache()
                text = node.get_name() or ""
                if role and role_of(node) != role:
                    continue
                if name and not re.search(name, text):
                    continue
            except GLib.Error:
                continue  # it went away under us
            yield node

    def find(self, pane, role=None, name=None):
        return wait_for(f"{role} {name!r} in {pane}",
                        lambda: next(self.nodes(pane, role, name), None))

    def texts(self, pane):
        return [node.get_name() for node in self.nodes(pane, "label")]

    def strip(self):
        """The lines of “What just happened”."""
        return "\n".join(self.texts("What just happened")[1:])

    def sees(self, pattern):
        """Waits until the strip says so."""
        try:
            return wait_for(f"“{pattern}”", lambda: re.search(pattern, self.strip()))
        except Exception as error:
            raise AssertionError(f"the strip says:\n{self.strip()}") from error

    def pid(self):
        """Of the process that is looked at."""
        def find():
            self.program.app.clear_cache()
            frame = self.program.app.get_child_at_index(0)
            frame.clear_cache()
            return re.fullmatch(r"Lab process(?:’s child .+)? — (\d+)", frame.get_name() or "")

        return int(wait_for("a process of the lab in the title", find)[1])

    def rows(self):
        """The list of allocations: {"a": [all that is written there]}."""
        found = {}
        for item in self.nodes("Lab", "list item"):
            labels = [node.get_name() for node in walk(item) if role_of(node) in ("label", "push button")]
            if labels and " · " in labels[0]:
                found[labels[0].split(" · ")[0]] = labels
        return found

    def row(self, name, pattern):
        """Waits until the row of an allocation says so."""
        return wait_for(f"“{pattern}” in the row of {name}", lambda: next(
            (match for label in self.rows().get(name, []) if (match := re.search(pattern, label))),
            None))

    def counter(self, name):
        tile = next(self.nodes("Counters", "push button", f"^{name} "))
        return tile.get_name()[len(name) + 1:]

    # -- doing ----------------------------------------------------------------------------

    def press(self, pane, name, role="push button"):
        self.program.press(self.find(pane, role, name))

    def press_in_row(self, name, button):
        """A button of the row of an allocation, once it has that name."""
        def find():
            for item in self.nodes("Lab", "list item"):
                nodes = list(walk(item))
                if any((node.get_name() or "").startswith(f"{name} · ") for node in nodes):
                    return next((node for node in nodes if role_of(node) == "push button"
                                 and node.get_name() == button), None)
            return None

        self.program.press(wait_for(f"{button} in the row of {name}", find))

    def run(self, command):
        """Types it into the command line."""
        self.program.key("ctrl+k")
        self.program.enter(command)

    def choose(self, pane, combo, item):
        """Opens a drop-down with the mouse, and goes to an item by keys."""
        box = self.find(pane, "combo box", combo)

        def shows():
            return any(re.search(item, node.get_name() or "")
                       for node in walk(box) if role_of(node) == "label")

        for presses in range(12):
            if shows():
                return
            self.program.click(box)
            wait_for("the list", lambda: self.has_focus("list item"))
            self.program.key("Home", *["Down"] * presses, "Return")
            wait_for("the list to close", lambda: not self.has_focus("list item"))
        raise AssertionError(f"no {item} in {combo}")

    def choose_of_menu(self, button, item, number):
        """The item that is called so, or, where they have no names (GTK 4.18), the one of that number
        from the top."""
        self.program.press(self.opened_item(button, item, number))

    def opened_item(self, button, item, number):
        """A click where a popover was just closed is sometimes lost, unless the pointer has been
        elsewhere: a person's has, to choose."""
        def find():
            items = list(self.program.nodes("menu item"))
            if items and not any(node.get_name() for node in items):
                return items[number] if number < len(items) else None
            return next((node for node in items if re.search(item, node.get_name() or "")), None)

        def click():
            self.program.move_to(640, 300)
            time.sleep(0.3)
            self.program.click(self.find("Lab", "push button", f"^{button}$"))

        def press():  # where the button is so small that it was missed; its inner one is a toggle
            self.program.press(list(self.nodes("Lab", "push button", f"^{button}$"))[-1])

        for open_it in (click, press, click):
            open_it()
            try:
                return wait_for(item, find, patience=4)
            except Unmet:
                pass
        raise Unmet(f"no {item} in the menu of {button}")

    def run_script(self, path):
        """There is no window manager, so the dialog is given the focus, and the window after it."""
        main = self.program.window_id
        self.choose_of_menu("Script", "Run a Script", 2)
        self.program.window_id = wait_for("the dialog's window",
                                          lambda: self.program.find_window(other_than=main))
        self.program.key("ctrl+l")
        self.program.enter(path, is_completed=True)
        self.program.wait_for_close(main)
        self.program.window_id = main
        self.program.key("ctrl+k")

    def paste(self):
        """What is in the clipboard, by way of the command line."""
        entry = self.find("Lab", "text", "Command for the lab")
        self.program.key("ctrl+k", "ctrl+a", "BackSpace", "ctrl+v")
        text = wait_for("it to be pasted", lambda: text_of(entry))
        self.program.key("ctrl+a", "BackSpace")
        wait_for("it to be gone", lambda: text_of(entry) == "")
        return text

    def has_focus(self, role):
        for node in self.program.nodes(role):
            node.clear_cache()
            if node.get_state_set().contains(Atspi.StateType.FOCUSED):
                return True
        return False

    def type_into(self, pane, name, text):
        """Clicks an entry and types; there is no Enter."""
        entry = self.find(pane, "text", name)
        self.program.click(entry)

        def is_typed():
            self.program.key("ctrl+a")
            self.program.type(text)
            return text_of(entry) == text

        wait_for(f"{text} to be typed", is_typed)

    def quit(self):
        """In an orderly way; nothing of the lab is left."""
        left = descendants(self.program.process.pid)
        self.program.quit()
        wait_for("all processes to end", lambda: not any(is_alive(pid) for pid in left))

    # -- comparing ------------------------------------------------------------------------

    def agrees(self, pid=None):
        """Counters and number of regions come to be what the kernel says of the process."""
        pid = pid or self.pid()

        def differences():
            kernel = status_kb(pid)
            shown = {name: self.counter(name) for name in
                     ("VmSize", "VmRSS", "RssAnon", "VmLck", "VmData", "VmStk")}
            wrong = [(name, shown[name], kernel[name]) for name in shown
                     if not fits(shown[name], kernel[name])]
            lines = len(regions(pid))
            if f", {lines} regions" not in self.image("Memory map of"):
                wrong.append((self.image("Memory map of"), lines))
            return wrong

        try:
            wait_for("the window to agree with the kernel", lambda: not differences())
        except Exception as error:
            raise AssertionError(f"shown and read: {differences()}") from error

    def changed(self, before, pid=None):
        """What the strip says of counters is what they are now, less what they were before."""
        after = status_kb(pid or self.pid())
        facts = "\n".join(line for line in self.strip().splitlines() if line[:1] not in "✓✗")
        for name in ("VmSize", "VmData", "VmLck"):
            told = sum((-1 if sign == "−" else 1) * kib(amount)[0] for sign, amount in
                       re.findall(rf"{name} ([+−])([\d,.]+ [KMG]iB)", facts))
            assert told == after[name] - before[name], (name, told, before, after, self.strip())
