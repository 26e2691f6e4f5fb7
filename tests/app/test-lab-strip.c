/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What just happened to a real process is told in the order in which it happened, each thing once,
 * and can be copied. */

#include <adwaita.h>
#include <signal.h>
#include <string.h>

#include "atlas-application.h"
#include "atlas-lab-strip.h"
#include "atlas-limit-wall.h"
#include "lab-driver.h"
#include "laboratory.h"
#include "widget-fixture.h"

#define BETWEEN "    # " /* a line and its note, as Copy writes them */
#define MOST_SHOWN 200   /* lines of one kind */
#define N_CHUNKS 440
#define GAP 8 /* pixels, above what the second command of an action did */

typedef struct
{
  Laboratory laboratory;
  GtkWidget *strip; /* sunk */
} Pane;

static void
set_up (Pane *self, gconstpointer data)
{
  laboratory_init (&self->laboratory);
  self->strip = g_object_ref_sink (g_object_new (ATLAS_TYPE_LAB_STRIP, NULL));
  atlas_lab_strip_set_experiment (ATLAS_LAB_STRIP (self->strip), self->laboratory.experiment);
}

static void
tear_down (Pane *self, gconstpointer data)
{
  g_assert_finalize_object (self->strip);
  laboratory_clear (&self->laboratory);
}

static void
run (Pane *self, const char *command)
{
  laboratory_run (&self->laboratory, command);
}

/* As one action. */
static void
run_all (Pane *self, const char *const *commands, const AtlasGuess *guess)
{
  atlas_experiment_run (self->laboratory.experiment, commands, guess);
  laboratory_settle (&self->laboratory);
}

/* Of the action that is shown. */
static AtlasLabEvent *
get_event (Pane *self, guint index)
{
  AtlasLabAction *action = atlas_experiment_get_action (self->laboratory.experiment);
  GPtrArray *events = atlas_lab_action_get_events (action);

  g_assert_cmpuint (index, <, events->len);
  return g_ptr_array_index (events, index);
}

/* --- what is shown --- */

static GtkWidget *
get_part (Pane *self, const char *name)
{
  return GTK_WIDGET (gtk_widget_get_template_child (self->strip, ATLAS_TYPE_LAB_STRIP, name));
}

/* Text and note of @line, or NULL where it is a wall. */
static char *
dup_text (GtkWidget *line)
{
  GtkWidget *label = gtk_widget_get_first_child (line);
  GtkWidget *note = gtk_widget_get_next_sibling (label);

  if (!GTK_IS_LABEL (label))
    return NULL;
  return g_strconcat (gtk_label_get_text (GTK_LABEL (label)), note != NULL ? BETWEEN : "",
                      note != NULL ? gtk_label_get_text (GTK_LABEL (note)) : "", NULL);
}

/* All lines, to be copied. */
static GString *
dup_texts (Pane *self)
{
  GString *texts = g_string_new (NULL);

  for (GtkWidget *line = gtk_widget_get_first_child (get_part (self, "lines")); line != NULL;
       line = gtk_widget_get_next_sibling (line))
    {
      g_autofree char *text = dup_text (line);

      g_string_append_printf (texts, "%s\n", text);
    }
  return texts;
}

/* The kernel counts resident pages in batches, and so tells of some later than they came, whatever
 * is done then. */
static gboolean
is_late (GtkWidget *line)
{
  g_autofree char *text = dup_text (line);

  return text != NULL && g_str_has_prefix (text, "no page fault" BETWEEN "VmRSS");
}

/* The lines without those; NULL behind the last. */
static GtkWidget *
get_line (Pane *self, guint index)
{
  guint n = 0;

  for (GtkWidget *line = gtk_widget_get_first_child (get_part (self, "lines")); line != NULL;
       line = gtk_widget_get_next_sibling (line))
    if (!is_late (line) && n++ == index)
      return line;
  return NULL;
}

static char *
dup_line (Pane *self, guint index)
{
  GtkWidget *line = get_line (self, index);

  return line != NULL ? dup_text (line) : NULL;
}

static guint
count_lines (Pane *self)
{
  guint n = 0;

  while (get_line (self, n) != NULL)
    n++;
  return n;
}

/* @pattern may have "*" in it, for what differs from run to run. */
static void
assert_line (Pane *self, guint index, const char *pattern)
{
  g_autofree char *line = dup_line (self, index);

  if (line == NULL || !g_pattern_match_simple (pattern, line))
    {
      g_autoptr (GString) texts = dup_texts (self);

      g_error ("line %u is not “%s”:\n%s", index, pattern, texts->str);
    }
}

static void
assert_lines (Pane *self, const char *const *patterns)
{
  guint n = g_strv_length ((char **) patterns);

  for (guint i = 0; i < n; i++)
    assert_line (self, i, patterns[i]);
  if (count_lines (self) != n)
    assert_line (self, n, "nothing more");
}

#define ASSERT_LINES(...) assert_lines (self, (const char *const[]){ __VA_ARGS__, NULL })

/* How many have @text in them. */
static guint
count_lines_with (Pane *self, const char *text)
{
  guint n_lines = count_lines (self);
  guint n = 0;

  for (guint i = 0; i < n_lines; i++)
    {
      g_autofree char *line = dup_line (self, i);

      n += line != NULL && strstr (line, text) != NULL;
    }
  return n;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(char **) data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_read (gpointer data)
{
  return *(char **) data != NULL;
}

/* What is in the clipboard once Copy was pressed. */
static char *
copy (Pane *self)
{
  char *text = NULL;

  g_signal_emit_by_name (fixture_find (self->strip, GTK_TYPE_BUTTON), "clicked");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (self->strip), NULL, read_cb, &text);
  driver_wait (is_read, &text);
  return text;
}

/* --- one command --- */

/* kB, as the kernel says now. */
static gint64
read_counter (Pane *self, const char *name)
{
  g_autofree char *path =
      g_strdup_printf ("/proc/%d/status", atlas_lab_get_pid (self->laboratory.lab));
  g_autofree char *status = NULL;
  const char *line;

  g_assert_true (g_file_get_contents (path, &status, NULL, NULL));
  line = strstr (status, name);
  g_assert_nonnull (line);
  return g_ascii_strtoll (line + strlen (name), NULL, 10);
}

/* The first one makes the heap as well. */
static void
test_mapping (Pane *self, gconstpointer data)
{
  gint64 size, grown;
  g_autofree char *effects = NULL;

  run (self, "malloc z 1K");
  ASSERT_LINES ("z = malloc (1024);" BETWEEN "your call", "brk (NULL) = 0x*", "brk (0x*) = 0x*",
                "* page fault*" BETWEEN "VmSize +* · VmData +*");
  size = read_counter (self, "VmSize:");
  run (self, "malloc a 256K");
  grown = read_counter (self, "VmSize:") - size;
  g_assert_cmpint (grown, >, 256);
  effects = g_strdup_printf ("* page fault*" BETWEEN "VmSize +%d KiB · VmData +%d KiB*",
                             (int) grown, (int) grown);
  ASSERT_LINES ("a = malloc (262144);" BETWEEN "your call · threshold 128 KiB",
                "mmap (NULL, 266240, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x*",
                effects);
}

/* Counters that stand still, and faults that did not happen, are no lines. */
static void
test_no_call (Pane *self, gconstpointer data)
{
  run (self, "malloc z 1K");
  run (self, "malloc b 1K");
  assert_line (self, 0, "b = malloc (1024);" BETWEEN "your call");
  assert_line (self, 1, "no system call: malloc had free memory that fits");
  run (self, "free b");
  ASSERT_LINES ("free (b);" BETWEEN "your call");
}

static void
test_faults (Pane *self, gconstpointer data)
{
  g_autofree char *faults = NULL;

  run (self, "mmap a 64p");
  assert_line (self, 2, "no page fault" BETWEEN "VmSize +256 KiB · VmData +256 KiB*");
  run (self, "touch a write first");
  assert_line (self, count_lines (self) - 1, "1 page fault*");
  run (self, "touch a write");
  g_assert_cmpuint (atlas_lab_event_get_minor_faults (get_event (self, 0)), >, 1);
  faults = g_strdup_printf ("%d page faults*",
                            (int) atlas_lab_event_get_minor_faults (get_event (self, 0)));
  ASSERT_LINES ("for (size_t i = 0; i < pages (a, 262144); i++)" BETWEEN "your call",
                "  page (a, i)[0] = i % 127 + 1;", faults);
}

/* Questions to the lab are no C. */
static void
test_question (Pane *self, gconstpointer data)
{
  run (self, "help free");
  ASSERT_LINES ("help free" BETWEEN "your command", "free ID: *");
}

/* What it is asked for is said, whether it is C or not. */
static void
test_answer (Pane *self, gconstpointer data)
{
  g_autofree char *usable = NULL;

  run (self, "malloc a 100K");
  g_assert_cmpuint (count_lines_with (self, "answer:"), ==, 0);
  usable = g_strdup_printf ("answer: usable=%s",
                            atlas_lab_event_get_field (get_event (self, 0), "usable"));
  run (self, "usable a");
  ASSERT_LINES ("malloc_usable_size (a);" BETWEEN "your call", usable);
  run (self, "setrlimit memlock 64K 128K");
  run (self, "getrlimit memlock");
  assert_line (self, count_lines (self) - 1, "answer: name=memlock soft=65536 hard=131072");
  run (self, "thresholds");
  assert_line (self, 1, "answer: mmap_threshold=131072 *");
  run (self, "usable nothing");
  g_assert_cmpuint (count_lines_with (self, "answer:"), ==, 0);
}

/* Where it is not the process that is looked at by its first thread. */
static void
test_whose (Pane *self, gconstpointer data)
{
  run (self, "thread start t");
  run (self, "thread t malloc a 1K");
  assert_line (self, 0, "a = malloc (1024);" BETWEEN "thread t");
  run (self, "fork kid");
  run (self, "child kid malloc b 1K");
  assert_line (self, 0, "b = malloc (1024);" BETWEEN "child kid");
  run (self, "malloc c 1K");
  assert_line (self, 0, "c = malloc (1024);" BETWEEN "your call");
}

/* --- errors --- */

/* By the kernel, which takes nothing out of a file where there is none: the call says it. */
static void
test_call_that_fails (Pane *self, gconstpointer data)
{
  run (self, "mmap a 4p");
  run (self, "madvise a remove");
  ASSERT_LINES ("madvise (a, 16384, MADV_REMOVE);" BETWEEN "your call",
                "madvise (0x*, 16384, MADV_REMOVE) = −1 EINVAL" BETWEEN "Invalid argument");
  g_assert_true (
      gtk_widget_has_css_class (gtk_widget_get_last_child (get_line (self, 1)), "strip-wrong"));
}

/* By the lab: nothing was called. */
static void
test_command_that_fails (Pane *self, gconstpointer data)
{
  run (self, "free nothing");
  ASSERT_LINES ("free nothing" BETWEEN "your command",
                "free: no allocation is called \"nothing\"" BETWEEN "EINVAL");
}

/* Of the limit that held then, whatever was known of the process before. */
static void
test_wall (Pane *self, gconstpointer data)
{
  const char *const commands[] = { "setrlimit memlock 64K", "dropcaps", "mlock a", NULL };
  GtkWidget *wall;
  g_autofree char *copied = NULL;

  run (self, "mmap a 1M");
  run_all (self, commands, NULL);
  assert_line (self, 7, "mlock (0x*, 1048576) = −1 ENOMEM" BETWEEN "Cannot allocate memory");
  g_assert_cmpuint (count_lines_with (self, "ENOMEM"), ==, 1);
  wall = gtk_widget_get_last_child (get_part (self, "lines"));
  fixture_assert_text (fixture_find (wall, ATLAS_TYPE_LIMIT_WALL), GTK_ACCESSIBLE_PROPERTY_LABEL,
                       "RLIMIT_MEMLOCK is 64 KiB. VmLck is 0 B, so 64 KiB are left; 1 MiB more "
                       "were asked for.");
  copied = copy (self);
  g_assert_true (g_str_has_suffix (copied, "64 KiB are left; 1 MiB more were asked for.\n"));
  run (self, "munmap a");
  g_assert_null (fixture_find (self->strip, ATLAS_TYPE_LIMIT_WALL));
}

static gboolean
has_ended (gpointer data)
{
  return atlas_lab_get_state (data) == ATLAS_LAB_ENDED;
}

static void
wait_for_end (Pane *self)
{
  driver_wait (has_ended, self->laboratory.lab);
}

/* How it ended is the error as well, of a command that it did not live to answer. */
static void
test_end (Pane *self, gconstpointer data)
{
  atlas_experiment_run_one (self->laboratory.experiment, "exit 3");
  wait_for_end (self);
  ASSERT_LINES ("_exit (3);" BETWEEN "your call", "ended with status 3");
  atlas_experiment_start (self->laboratory.experiment);
  laboratory_settle (&self->laboratory);
  kill (atlas_lab_get_pid (self->laboratory.lab), SIGSTOP);
  atlas_experiment_run_one (self->laboratory.experiment, "mmap a 4p");
  kill (atlas_lab_get_pid (self->laboratory.lab), SIGKILL);
  wait_for_end (self);
  assert_line (self, count_lines (self) - 1, "killed by SIGKILL" BETWEEN "SIGKILL");
  g_assert_cmpuint (count_lines_with (self, "killed by"), ==, 1);
}

/* What others did to the process stands behind what it did itself. */
static void
test_end_from_outside (Pane *self, gconstpointer data)
{
  g_autofree char *ending = g_strdup_printf (
      "killed by SIGSEGV, which process %d sent" BETWEEN "after that", (gint) getpid ());

  run (self, "mmap a 4p");
  kill (atlas_lab_get_pid (self->laboratory.lab), SIGSEGV);
  wait_for_end (self);
  assert_line (self, count_lines (self) - 1, ending);
  g_assert_cmpuint (count_lines_with (self, "killed by"), ==, 1);
  atlas_experiment_start (self->laboratory.experiment);
  laboratory_settle (&self->laboratory);
  g_assert_cmpuint (count_lines_with (self, "killed by"), ==, 0);
}

/* --- many lines --- */

static void
script_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (atlas_lab_run_script_finish (ATLAS_LAB (source), result, NULL, &error));
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/* Every other chunk is free, so that there are as many holes to be given back. */
static void
make_holes (Pane *self)
{
  g_autoptr (GString) script = g_string_new (NULL);
  gboolean done = FALSE;

  for (guint i = 0; i < N_CHUNKS; i++)
    g_string_append_printf (script, "malloc c%u 12K\n", i);
  for (guint i = 0; i < N_CHUNKS; i += 2)
    g_string_append_printf (script, "free c%u\n", i);
  atlas_lab_run_script (self->laboratory.lab, script->str, script_cb, &done);
  driver_wait (is_true, &done);
  laboratory_settle (&self->laboratory);
}

static guint
count_in (const char *text, const char *part)
{
  guint n = 0;

  while ((text = strstr (text, part)) != NULL)
    {
      text += strlen (part);
      n++;
    }
  return n;
}

static void
test_many (Pane *self, gconstpointer data)
{
  g_autofree char *more_calls = NULL;
  g_autofree char *calls = NULL;
  g_autofree char *list = NULL;
  guint n_calls;

  make_holes (self);
  run (self, "malloc_trim");
  n_calls = atlas_lab_event_get_calls (get_event (self, 0))->len;
  g_assert_cmpuint (n_calls, >, MOST_SHOWN + 1);
  assert_line (self, MOST_SHOWN, "madvise (*");
  more_calls = g_strdup_printf ("and %u more lines; Copy has them all", n_calls - MOST_SHOWN);
  assert_line (self, 1 + MOST_SHOWN, more_calls);
  assert_line (self, 2 + MOST_SHOWN, "*page fault*");
  calls = copy (self);
  g_assert_cmpuint (count_in (calls, "madvise (") + count_in (calls, "brk ("), ==, n_calls);
  g_assert_null (strstr (calls, "more line"));

  /* text is cut just so */
  run (self, "list");
  g_assert_cmpuint (count_lines (self), ==, 1 + MOST_SHOWN + 1);
  assert_line (self, 1 + MOST_SHOWN, "and 20 more lines; Copy has them all");
  list = copy (self);
  g_assert_cmpuint (count_in (list, "\nallocation name=c"), ==, N_CHUNKS / 2);

  run (self, "help free");
  ASSERT_LINES ("help free" BETWEEN "your command", "free ID: *");
}

/* Few lines are shown whole, many scroll. */
static void
test_scrolls (Pane *self, gconstpointer data)
{
  GtkWidget *lines = get_part (self, "lines");

  run (self, "malloc a 256K");
  g_assert_null (gtk_widget_get_ancestor (lines, GTK_TYPE_SCROLLED_WINDOW));
  g_assert_false (gtk_widget_get_visible (get_part (self, "scroller")));
  run (self, "help");
  g_assert_true (gtk_widget_is_ancestor (lines, get_part (self, "scroller")));
  g_assert_true (gtk_widget_get_visible (get_part (self, "scroller")));
  run (self, "free a");
  g_assert_null (gtk_widget_get_ancestor (lines, GTK_TYPE_SCROLLED_WINDOW));
}

/* --- actions --- */

static void
test_several_commands (Pane *self, gconstpointer data)
{
  const char *const commands[] = { "mmap a 64K", "mprotect a r", NULL };

  run_all (self, commands, NULL);
  ASSERT_LINES ("a = mmap (NULL, 65536, *);" BETWEEN "your call", "mmap (NULL, 65536, *) = 0x*",
                "no page fault" BETWEEN "VmSize +64 KiB · VmData +64 KiB*",
                "mprotect (a, 65536, PROT_READ);" BETWEEN "your call",
                "mprotect (0x*, 65536, PROT_READ) = 0", "no page fault" BETWEEN "VmData −64 KiB*");
  for (guint i = 0; i < 6; i++)
    g_assert_cmpint (gtk_widget_get_margin_top (get_line (self, i)), ==, i == 3 ? GAP : 0);
}

/* The rest of it was not done. */
static void
test_several_up_to_an_error (Pane *self, gconstpointer data)
{
  const char *const commands[] = { "mmap a 64K", "free nothing", "munmap a", NULL };

  run_all (self, commands, NULL);
  g_assert_cmpuint (count_lines (self), ==, 5);
  assert_line (self, 3, "free nothing" BETWEEN "your command");
  assert_line (self, 4, "free: *" BETWEEN "EINVAL");
}

static void
test_predictions (Pane *self, gconstpointer data)
{
  const char *const commands[] = { "mmap a 64K", "touch a write", NULL };
  const char *const malloc[] = { "malloc b 256K", NULL };
  const AtlasGuess sizes = { .has_size = TRUE, .size_kb = 64 };
  const AtlasGuess wrong = { .how = ATLAS_GUESS_BRK, .has_size = TRUE, .size_kb = 256 };
  g_auto (GStrv) verdicts = NULL;

  run (self, "malloc z 1K");
  g_assert_false (gtk_widget_get_visible (get_part (self, "verdicts")));
  run_all (self, commands, &sizes);
  verdicts = fixture_dup_labels (get_part (self, "verdicts"));
  g_assert_cmpuint (g_strv_length (verdicts), ==, 1);
  g_assert_cmpstr (verdicts[0], ==, "✓ you predicted VmSize +64 KiB");
  g_strfreev (verdicts);
  run_all (self, malloc, &wrong);
  g_assert_true (gtk_widget_get_visible (get_part (self, "verdicts")));
  verdicts = fixture_dup_labels (get_part (self, "verdicts"));
  g_assert_cmpuint (g_strv_length (verdicts), ==, 2);
  g_assert_cmpstr (verdicts[0], ==, "✗ you predicted brk; it was mmap");
  g_assert_cmpstr (verdicts[1], ==, "✗ you predicted VmSize +256 KiB; it was +260 KiB");
}

/* 1,548 KiB and 1,550 are both 1.5 MiB. */
static void
test_prediction_nearly_right (Pane *self, gconstpointer data)
{
  const char *const commands[] = { "mmap a 1548K", NULL };
  const AtlasGuess guess = { .has_size = TRUE, .size_kb = 1550 };
  g_auto (GStrv) verdicts = NULL;

  run_all (self, commands, &guess);
  verdicts = fixture_dup_labels (get_part (self, "verdicts"));
  g_assert_cmpstr (verdicts[0], ==, "✗ you predicted VmSize +1,550 KiB; it was +1,548 KiB");
}

/* What is shown, and nothing else. */
static void
test_copy (Pane *self, gconstpointer data)
{
  const char *const commands[] = { "mmap a 64K", "mlock a", NULL };
  const AtlasGuess guess = { .has_size = TRUE, .size_kb = 64 };
  g_autoptr (GString) shown = NULL;
  g_autofree char *copied = NULL;

  run (self, "help");
  run_all (self, commands, &guess);
  shown = dup_texts (self);
  g_string_append (shown, "✓ you predicted VmSize +64 KiB\n");
  copied = copy (self);
  g_assert_cmpstr (copied, ==, shown->str);
}

/* --- which process --- */

static void
test_others (Pane *self, gconstpointer data)
{
  g_assert_false (gtk_widget_get_visible (self->strip));
  run (self, "malloc a 256K");
  g_assert_true (gtk_widget_get_visible (self->strip));
  atlas_session_set_pid (self->laboratory.session, 1);
  g_assert_false (gtk_widget_get_visible (self->strip));
  atlas_experiment_watch (self->laboratory.experiment);
  g_assert_true (gtk_widget_get_visible (self->strip));
  assert_line (self, 0, "a = malloc (262144);*");
  atlas_experiment_start (self->laboratory.experiment);
  laboratory_settle (&self->laboratory);
  g_assert_false (gtk_widget_get_visible (self->strip));
  g_assert_cmpuint (count_lines (self), ==, 0);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/app/lab-strip/" name, Pane, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  /* Its class registers the templates. */
  g_type_class_unref (g_type_class_ref (ATLAS_TYPE_APPLICATION));
  ADD ("mapping", test_mapping);
  ADD ("no-call", test_no_call);
  ADD ("faults", test_faults);
  ADD ("question", test_question);
  ADD ("answer", test_answer);
  ADD ("whose", test_whose);
  ADD ("call-that-fails", test_call_that_fails);
  ADD ("command-that-fails", test_command_that_fails);
  ADD ("wall", test_wall);
  ADD ("end-from-outside", test_end_from_outside);
  ADD ("end", test_end);
  ADD ("many", test_many);
  ADD ("scrolls", test_scrolls);
  ADD ("several-commands", test_several_commands);
  ADD ("several-up-to-an-error", test_several_up_to_an_error);
  ADD ("predictions", test_predictions);
  ADD ("prediction-nearly-right", test_prediction_nearly_right);
  ADD ("copy", test_copy);
  ADD ("others", test_others);
  return g_test_run ();
}
