/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A person goes through a lesson, forth and back, with a real process: what is shown before a step
 * and after it, and which way is open. */

#include <adwaita.h>
#include <string.h>

#include "atlas-application.h"
#include "atlas-lesson-needs.h"
#include "atlas-lesson-page.h"
#include "lab-driver.h"
#include "laboratory.h"
#include "widget-fixture.h"

#define HEAD "# A lesson\n\nThe summary.\n\nThe introduction.\n\n"
#define ONE                                                                                        \
  "## One\n\nBefore one.\n\n```lab\nmmap a 64p\n```\n"                                             \
  "```expect\nVmSize +256 KiB\nVmData +4 KiB\nsyscall mmap\n```\n"                                 \
  "```predict\nnone\n```\n\nAfter one.\n\n"
#define TWO                                                                                        \
  "## Two\n\nBefore two.\n\n```lab\nmprotect a r\n```\n```expect\nVmSize +0\n```\n"                \
  "```predict\nnone\n```\n\nAfter two.\n\n"
#define THREE                                                                                      \
  "## Three\n\n```lab\nmunmap a\n```\n```expect\nVmSize -256 KiB\n```\n"                           \
  "```predict\nnone\n```\n"

typedef struct
{
  Laboratory laboratory;
  GtkWidget *page; /* sunk */
  guint n_closed;  /* how often the person was through */
} Pane;

static void
closed_cb (Pane *self)
{
  self->n_closed++;
}

static void
set_up (Pane *self, gconstpointer data)
{
  laboratory_init (&self->laboratory);
  self->n_closed = 0;
  self->page = g_object_ref_sink (g_object_new (ATLAS_TYPE_LESSON_PAGE, NULL));
  g_signal_connect_swapped (self->page, "closed", G_CALLBACK (closed_cb), self);
}

/* A step that was left holds the page until it is told so. */
static gboolean
is_alone (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

static void
tear_down (Pane *self, gconstpointer data)
{
  atlas_lesson_page_begin (ATLAS_LESSON_PAGE (self->page), self->laboratory.experiment, NULL);
  driver_wait (is_alone, self->page);
  g_assert_finalize_object (self->page);
  laboratory_clear (&self->laboratory);
}

static void
begin (Pane *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasLesson) lesson = atlas_lesson_new_from_data ("a.md", text, strlen (text), &error);

  g_assert_no_error (error);
  atlas_lesson_page_begin (ATLAS_LESSON_PAGE (self->page), self->laboratory.experiment, lesson);
}

/* --- what is shown --- */

static GtkWidget *
get_part (Pane *self, const char *name)
{
  return GTK_WIDGET (gtk_widget_get_template_child (self->page, ATLAS_TYPE_LESSON_PAGE, name));
}

static char *
dup_content (Pane *self)
{
  g_auto (GStrv) texts = fixture_dup_labels (get_part (self, "content"));

  return g_strjoinv ("\n", texts);
}

static void
assert_content (Pane *self, const char *wanted)
{
  g_autofree char *content = dup_content (self);

  g_assert_cmpstr (content, ==, wanted);
}

static gboolean
shows (Pane *self, const char *text)
{
  g_autofree char *content = dup_content (self);

  return strstr (content, text) != NULL;
}

static void
assert_position (Pane *self, const char *wanted)
{
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (get_part (self, "position_label"))), ==, wanted);
}

/* What the buttons say, and whether they may be pressed. */
static void
assert_buttons (Pane *self, const char *next, gboolean may_go_back)
{
  GtkWidget *button = get_part (self, "next_button");

  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, next);
  g_assert_true (gtk_widget_get_sensitive (button));
  g_assert_cmpint (gtk_widget_get_sensitive (get_part (self, "back_button")), ==, may_go_back);
}

/* --- what is done --- */

static void
press (Pane *self, const char *name)
{
  g_signal_emit_by_name (get_part (self, name), "clicked");
}

static gboolean
may_go (gpointer data)
{
  return gtk_widget_get_sensitive (get_part (data, "next_button"));
}

static void
go (Pane *self, const char *name)
{
  press (self, name);
  driver_wait (may_go, self);
}

static void
next (Pane *self)
{
  go (self, "next_button");
}

static void
back (Pane *self)
{
  go (self, "back_button");
}

/* --- a step --- */

static void
test_before (Pane *self, gconstpointer data)
{
  begin (self, HEAD ONE TWO);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (get_part (self, "title_label"))), ==, "A lesson");
  assert_position (self, "Step 1 of 2");
  assert_content (self, "The introduction.\nOne\nBefore one.\nmmap a 64p");
  assert_buttons (self, "_Run This Step", FALSE);
}

/* An expectation that failed says what was seen, and what was expected. */
static void
test_after (Pane *self, gconstpointer data)
{
  begin (self, HEAD ONE TWO);
  press (self, "next_button");
  g_assert_false (gtk_widget_get_sensitive (get_part (self, "next_button")));
  g_assert_false (gtk_widget_get_sensitive (get_part (self, "back_button")));
  driver_wait (may_go, self);
  assert_position (self, "Step 1 of 2");
  assert_content (self, "One\nBefore one.\nmmap a 64p\nWhat was seen\n"
                        "✓ VmSize grows by exactly 256 KiB.\n✗ VmData grew by 256 KiB.\n"
                        "Expected: VmData grows by exactly 4 KiB.\n✓ mmap is called.\n"
                        "After one.");
  assert_buttons (self, "_Next Step", TRUE);
  g_assert_nonnull (atlas_lab_find_allocation (self->laboratory.lab, "a"));
  next (self);
  assert_position (self, "Step 2 of 2");
  assert_content (self, "Two\nBefore two.\nmprotect a r");
  assert_buttons (self, "_Run This Step", TRUE);
  press (self, "next_button");
  g_assert_false (gtk_widget_get_sensitive (get_part (self, "back_button")));
  driver_wait (may_go, self);
  assert_buttons (self, "_Finish", TRUE);
}

/* By a button that is not sensitive: an assistive tool may do so. */
static void
test_impatient (Pane *self, gconstpointer data)
{
  begin (self, HEAD ONE TWO);
  press (self, "back_button");
  press (self, "next_button");
  press (self, "next_button");
  press (self, "back_button");
  driver_wait (may_go, self);
  assert_position (self, "Step 1 of 2");
  assert_buttons (self, "_Next Step", TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_events (self->laboratory.lab)), ==, 1);
}

/* --- predictions --- */

#define ASKS                                                                                       \
  "## One\n\n```lab\nmalloc a 256K\n```\n"                                                         \
  "```expect\nVmData >= +256 KiB\nhow a mmap\nok\n```\n"                                           \
  "```predict\nVmData: a hint\nhow a\n```\n"

static GtkEditable *
get_entry (Pane *self)
{
  return GTK_EDITABLE (fixture_find (get_part (self, "content"), GTK_TYPE_ENTRY));
}

static GtkDropDown *
get_choice (Pane *self)
{
  return GTK_DROP_DOWN (fixture_find (get_part (self, "content"), GTK_TYPE_DROP_DOWN));
}

static void
choose (Pane *self, const char *word)
{
  GListModel *words = gtk_drop_down_get_model (get_choice (self));
  guint n = g_list_model_get_n_items (words);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (words), i), word))
      {
        gtk_drop_down_set_selected (get_choice (self), i);
        return;
      }
  g_assert_not_reached ();
}

static void
test_asks (Pane *self, gconstpointer data)
{
  begin (self, HEAD ASKS);
  g_assert_true (shows (self, "What do you think?\nBy how much does VmData change?\n"));
  fixture_assert_text (GTK_WIDGET (get_entry (self)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                       "By how much does VmData change?");
  next (self);
  g_assert_null (get_entry (self));
  g_assert_null (get_choice (self));
  g_assert_false (shows (self, "predicted"));
}

static void
test_right (Pane *self, gconstpointer data)
{
  begin (self, HEAD ASKS);
  gtk_editable_set_text (get_entry (self), "+384 KiB");
  choose (self, "mmap");
  next (self);
  assert_content (self, "One\nmalloc a 256K\nWhat was seen\n"
                        "✓ VmData grows by at least 256 KiB.\n✓ you predicted +384 KiB\n"
                        "✓ “a” is obtained by mmap.\n✓ you predicted mmap\n"
                        "✓ All commands succeed.");
}

static void
test_wrong (Pane *self, gconstpointer data)
{
  begin (self, HEAD ASKS);
  gtk_editable_set_text (get_entry (self), "much");
  choose (self, "brk");
  next (self);
  assert_content (self, "One\nmalloc a 256K\nWhat was seen\n"
                        "✓ VmData grows by at least 256 KiB.\n“much” could not be understood\n"
                        "✓ “a” is obtained by mmap.\n✗ you predicted brk; it was mmap\n"
                        "✓ All commands succeed.");
}

/* When it is being done, it is too late. */
static void
test_too_late (Pane *self, gconstpointer data)
{
  begin (self, HEAD ASKS);
  press (self, "next_button");
  gtk_editable_set_text (get_entry (self), "4K");
  choose (self, "mmap");
  driver_wait (may_go, self);
  g_assert_true (shows (self, "What was seen"));
  g_assert_false (shows (self, "predicted"));
}

/* What was thought is not asked again after going back; it can be taken back. */
static void
test_think_again (Pane *self, gconstpointer data)
{
  begin (self, HEAD ASKS);
  gtk_editable_set_text (get_entry (self), "4K");
  choose (self, "brk");
  next (self);
  g_assert_true (shows (self, "✗ you predicted 4K; it was +"));
  g_assert_true (shows (self, "✗ you predicted brk; it was mmap"));
  back (self);
  g_assert_cmpstr (gtk_editable_get_text (get_entry (self)), ==, "4K");
  g_assert_cmpstr (
      gtk_string_object_get_string (gtk_drop_down_get_selected_item (get_choice (self))), ==,
      "brk");
  gtk_editable_set_text (get_entry (self), "");
  gtk_drop_down_set_selected (get_choice (self), 0);
  next (self);
  g_assert_false (shows (self, "predicted"));
}

/* --- back --- */

/* First to what was seen, then to a fresh process. */
static void
test_back (Pane *self, gconstpointer data)
{
  gint pid;

  begin (self, HEAD ONE TWO);
  next (self);
  pid = atlas_lab_get_pid (self->laboratory.lab);
  next (self);
  back (self);
  assert_position (self, "Step 1 of 2");
  g_assert_true (shows (self, "What was seen"));
  assert_buttons (self, "_Next Step", TRUE);
  g_assert_cmpint (atlas_lab_get_pid (self->laboratory.lab), ==, pid);
  back (self);
  assert_position (self, "Step 1 of 2");
  assert_content (self, "The introduction.\nOne\nBefore one.\nmmap a 64p");
  assert_buttons (self, "_Run This Step", FALSE);
  g_assert_cmpint (atlas_lab_get_pid (self->laboratory.lab), !=, pid);
  g_assert_null (atlas_lab_find_allocation (self->laboratory.lab, "a"));
}

/* The steps before it are done once more. */
static void
test_back_from_the_second (Pane *self, gconstpointer data)
{
  begin (self, HEAD ONE TWO);
  for (guint i = 0; i < 3; i++)
    next (self);
  g_assert_true (shows (self, "After two."));
  back (self);
  assert_position (self, "Step 2 of 2");
  assert_content (self, "Two\nBefore two.\nmprotect a r");
  g_assert_nonnull (atlas_lab_find_allocation (self->laboratory.lab, "a"));
  next (self);
  g_assert_true (shows (self, "After two."));
}

/* --- what cannot be --- */

static char *
dup_missing (const char **name)
{
  static const char *const names[] = { "hugetlb", "swap",        "thp",          "zero-page",
                                       "memlock", "free-limits", "thread-stack", NULL };
  char *missing = NULL;

  for (guint i = 0; missing == NULL && names[i] != NULL; i++)
    {
      *name = names[i];
      missing = atlas_lesson_need_dup_missing (names[i], driver_get_procfs ());
    }
  return missing;
}

/* Nothing was seen then, and the next step can be run. */
static void
test_skipped (Pane *self, gconstpointer data)
{
  const char *name;
  g_autofree char *missing = dup_missing (&name);
  g_autofree char *text = NULL;
  g_autofree char *content = NULL;

  if (missing == NULL)
    {
      g_test_skip ("This machine has all that a lesson can require");
      return;
    }
  text = g_strdup_printf (HEAD "## One\n\n```lab\nmmap a 1p\n```\n```expect\nrequires %s\n"
                               "VmSize +4 KiB\n```\n\nAfter one.\n\n" TWO,
                          name);
  content = g_strdup_printf ("One\nmmap a 1p\n%s\nAfter one.", missing);
  begin (self, text);
  next (self);
  assert_content (self, content);
  assert_buttons (self, "_Next Step", TRUE);
  g_assert_null (atlas_lab_find_allocation (self->laboratory.lab, "a"));
  next (self);
  assert_position (self, "Step 2 of 2");
}

static void
stop_cb (AtlasLab *lab, AtlasLabEvent *event)
{
  if (g_str_equal (atlas_lab_event_get_command (event), "mmap a 64p"))
    atlas_lab_stop (lab);
}

/* Goes there, and is stopped in the first step, which has to be done once more. */
static void
assert_stops (Pane *self, const char *button)
{
  gulong handler = g_signal_connect (self->laboratory.lab, "done", G_CALLBACK (stop_cb), NULL);

  go (self, button);
  g_signal_handler_disconnect (self->laboratory.lab, handler);
  assert_position (self, "Step 1 of 2");
  assert_content (self, "The introduction.\nOne\nBefore one.\nmmap a 64p\n"
                        "The lab was stopped in a step of this lesson");
  assert_buttons (self, "_Run This Step", FALSE);
  next (self);
  g_assert_true (shows (self, "What was seen"));
  g_assert_false (shows (self, "The lab was stopped"));
}

/* Where somebody started another process meanwhile, all steps are done anew: the lesson is where it
 * got to, not where it was. */
static void
test_stopped (Pane *self, gconstpointer data)
{
  begin (self, HEAD ONE TWO);
  next (self);
  next (self);
  assert_position (self, "Step 2 of 2");
  atlas_experiment_start (self->laboratory.experiment);
  driver_wait_for_state (self->laboratory.lab, ATLAS_LAB_READY);
  assert_stops (self, "next_button");
}

static void
test_stopped_on_the_way_back (Pane *self, gconstpointer data)
{
  begin (self, HEAD ONE TWO);
  for (guint i = 0; i < 3; i++)
    next (self);
  assert_stops (self, "back_button");
}

/* --- the end --- */

static void
test_end (Pane *self, gconstpointer data)
{
  begin (self, HEAD ONE TWO THREE);
  for (guint i = 0; i < 5; i++)
    {
      g_assert_cmpuint (self->n_closed, ==, 0);
      next (self);
    }
  assert_position (self, "Step 3 of 3");
  assert_buttons (self, "_Finish", TRUE);
  g_assert_cmpuint (self->n_closed, ==, 0);
  next (self);
  g_assert_cmpuint (self->n_closed, ==, 1);
}

static gboolean
has_mine (gpointer data)
{
  return atlas_lab_find_allocation (data, "mine") != NULL;
}

/* With a step under way, of which nothing is heard any more; what a person asks for is done. */
static void
test_leaves (Pane *self, gconstpointer data)
{
  g_autofree char *content = NULL;

  begin (self, HEAD ASKS);
  press (self, "next_button");
  atlas_lesson_page_begin (ATLAS_LESSON_PAGE (self->page), self->laboratory.experiment, NULL);
  content = dup_content (self);
  atlas_experiment_run_one (self->laboratory.experiment, "mmap mine 4p");
  driver_wait (has_mine, self->laboratory.lab);
  assert_content (self, content);
  press (self, "next_button");
  press (self, "back_button");
  gtk_editable_set_text (get_entry (self), "4K");
  g_assert_cmpuint (self->n_closed, ==, 0);
}

/* --- scrolling --- */

static gboolean
is_scrolled (gpointer data)
{
  GtkScrolledWindow *scroller = data;

  return gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (scroller)) > 0;
}

/* What was seen, where the step is longer than the page is high. */
static void
test_scrolls (Pane *self, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (HEAD "## One\n\n");
  Fixture fixture = { 0 };

  for (guint i = 0; i < 40; i++)
    g_string_append (text, "Much to read.\n\n");
  g_string_append (text, strstr (ONE, "```lab"));
  fixture_present (&fixture, self->page, 400, 300);
  begin (self, text->str);
  next (self);
  driver_wait (is_scrolled, get_part (self, "scroller"));
  fixture_close (&fixture);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/app/lesson-page/" name, Pane, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  /* Its class registers the templates. */
  g_type_class_unref (g_type_class_ref (ATLAS_TYPE_APPLICATION));
  ADD ("before", test_before);
  ADD ("after", test_after);
  ADD ("impatient", test_impatient);
  ADD ("asks", test_asks);
  ADD ("right", test_right);
  ADD ("wrong", test_wrong);
  ADD ("too-late", test_too_late);
  ADD ("think-again", test_think_again);
  ADD ("back", test_back);
  ADD ("back-from-the-second", test_back_from_the_second);
  ADD ("skipped", test_skipped);
  ADD ("end", test_end);
  ADD ("scrolls", test_scrolls);
  ADD ("stopped", test_stopped);
  ADD ("stopped-on-the-way-back", test_stopped_on_the_way_back);
  ADD ("leaves", test_leaves);
  return g_test_run ();
}
