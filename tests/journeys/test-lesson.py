# SPDX-License-Identifier: GPL-3.0-or-later
"""A lesson in the window: predicted, run to its end, gone back in and done once more; every
expectation that the file has is seen to be met."""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(__file__))
from atlas_journey import run, wait_for  # noqa: E402
from lab_journey import Lab, is_alive, regions  # noqa: E402

FILE = os.path.join(os.path.dirname(__file__), "../../data/lessons/01-heap-and-brk.md")


def count_expectations():
    """Of each step of the file, by its expect blocks."""
    with open(FILE, encoding="utf-8") as file:
        steps = file.read().split("\n## ")[1:]
    return [sum(len(block.split("\n")) for block in
                re.findall(r"^```expect\n(.*?)\n```$", step, re.M | re.S)) for step in steps]


def open_lesson(name):
    lab = Lab()
    lab.program.sees("Choose a Process")
    lab.program.click(lab.program.find("page tab", "Lab"))
    lab.press("Lab", name)
    lab.find("Lesson", "label", r"^Step 1 of \d+$")
    return lab


def press_next(lab, label):
    """Presses the button once it is called so, and may be pressed."""
    lab.press("Lesson", f"{label}$")


def seen(lab):
    """The verdicts on the step that was run."""
    wait_for("what was seen", lambda: "What was seen" in lab.texts("Lesson"))
    return [text for text in lab.texts("Lesson") if text[:1] in "✓✗?" and "predicted" not in text]


def take_step(lab, number, wanted):
    lab.find("Lesson", "label", f"^Step {number} of ")
    press_next(lab, "Run This Step")
    verdicts = seen(lab)
    assert len(verdicts) == wanted and all(text.startswith("✓") for text in verdicts), \
        (number, wanted, verdicts)


def predict_run_go_back_and_end():
    wanted = count_expectations()
    lab = open_lesson("The heap and brk$")
    lab.type_into("Lesson", "By how much does VmSize change", "+132 KiB")
    take_step(lab, 1, wanted[0])
    assert any(text.startswith("✓ you predicted") for text in lab.texts("Lesson")), \
        lab.texts("Lesson")
    first = lab.pid()
    lab.sees(r"a = malloc \(102400\);")
    press_next(lab, "Next Step")
    lab.type_into("Lesson", "By how much does VmSize change", "+4")
    take_step(lab, 2, wanted[1])
    assert any(text.startswith("✗ you predicted") for text in lab.texts("Lesson")), \
        lab.texts("Lesson")
    press_next(lab, "Next Step")
    take_step(lab, 3, wanted[2])
    assert set(lab.rows()) == {"a", "b", "c", "d"}, lab.rows()
    go_back_from_the_third(lab, first)
    for number in range(3, len(wanted) + 1):
        take_step(lab, number, wanted[number - 1])
        press_next(lab, "Finish" if number == len(wanted) else "Next Step")
    wait_for("the lesson to close",
             lambda: not any(text.startswith("Step ") for text in visible_texts(lab)))
    lab.agrees()
    lab.quit()


def go_back_from_the_third(lab, first):
    """A fresh process that did the first two steps once more."""
    press_next(lab, "Back")
    second = wait_for("a fresh process", lambda: lab.pid() != first and lab.pid())
    lab.find("Lesson", "push button", "Run This Step$")
    wait_for("the first to end", lambda: not is_alive(first))
    wait_for("the first two steps", lambda: set(lab.rows()) == {"a", "b", "c"})
    heap = next(region for region in regions(second) if region[2] == "[heap]")
    assert heap[1] - heap[0] == 132 * 1024, heap
    lab.agrees(second)
    # what was shown of the second step is there as well
    press_next(lab, "Back")
    assert seen(lab)
    press_next(lab, "Next Step")


def visible_texts(lab):
    """A page of the inspector that is hidden has no tab."""
    tabs = [node.get_name() for node in lab.program.nodes("page tab")]
    return lab.texts("Lesson") if "Lesson" in tabs else []


def a_fresh_process_in_the_middle():
    """Fresh Process, and commands of one's own: the next step does those before once more."""
    wanted = count_expectations()
    lab = open_lesson("The heap and brk$")
    take_step(lab, 1, wanted[0])
    first = lab.pid()
    lab.press("Lab", "Fresh Process$")
    wait_for("a fresh process", lambda: lab.pid() != first)
    lab.run("mmap z 1M")
    lab.row("z", "mmap")
    press_next(lab, "Next Step")
    take_step(lab, 2, wanted[1])
    wait_for("no more of one's own", lambda: set(lab.rows()) == {"a", "b", "c"})
    lab.agrees()
    lab.quit()


def ended_in_the_middle():
    """The lesson is closed; what a person does then is shown as that person's."""
    lab = open_lesson("The heap and brk$")
    press_next(lab, "Run This Step")
    lab.press("Lesson", "End the lesson")
    lab.run("mmap z 1M")
    lab.row("z", "mmap")
    lab.run("munmap z")
    lab.sees(r"munmap \(0x")
    assert "malloc (102400)" not in lab.strip()
    lab.agrees()
    lab.quit()


run(predict_run_go_back_and_end, a_fresh_process_in_the_middle, ended_in_the_middle)
