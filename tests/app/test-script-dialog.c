/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What becomes of a file that was chosen as a script: it is done by a real process, or it is said
 * why not. */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "atlas-script-dialog.h"
#include "lab-driver.h"
#include "laboratory.h"

#define MOST_BYTES (1024 * 1024)
#define RAN "The script ran to its end"

typedef struct
{
  Laboratory laboratory;
  char *folder, *path;
  gboolean fresh; /* a process for each script */
  char *said;
} Pane;

static void
set_up (Pane *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  laboratory_init (&self->laboratory);
  self->folder = g_dir_make_tmp ("atlas-script-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "experiment.lab", NULL);
  self->fresh = FALSE;
  self->said = NULL;
}

static void
tear_down (Pane *self, gconstpointer data)
{
  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
  g_free (self->said);
  laboratory_clear (&self->laboratory);
}

static void
write_bytes (Pane *self, const char *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (self->path, bytes, (gssize) length, &error);
  g_assert_no_error (error);
}

static void
said_cb (const char *sentence, gpointer data)
{
  char **said = g_object_get_data (data, "said");

  /* a toast can show nothing else */
  g_assert_true (g_utf8_validate (sentence, -1, NULL));
  g_assert_null (*said);
  *said = g_strdup (sentence);
}

static gboolean
was_said (gpointer data)
{
  return *(char **) data != NULL;
}

/* What is said of the file at @path, once. */
static void
run_path (Pane *self, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GObject *object = g_object_new (G_TYPE_OBJECT, NULL);

  g_clear_pointer (&self->said, g_free);
  g_object_set_data (object, "said", &self->said);
  atlas_script_dialog_run_file (self->laboratory.experiment, file, self->fresh, said_cb, object);
  driver_wait (was_said, &self->said);
  g_assert_finalize_object (object);
}

static void
run (Pane *self, const char *text)
{
  write_bytes (self, text, strlen (text));
  run_path (self, self->path);
}

/* How many commands were done since the start. */
static void
assert_done (Pane *self, guint n_commands)
{
  GListModel *events = atlas_lab_get_events (self->laboratory.lab);

  g_assert_cmpuint (g_list_model_get_n_items (events), ==, n_commands);
}

static void
assert_said (Pane *self, const char *sentence)
{
  g_assert_cmpstr (self->said, ==, sentence);
}

/* --- files that can be run --- */

static void
test_runs (Pane *self, gconstpointer data)
{
  run (self, "# an experiment\n\nmmap a 4p\r\n  touch a write");
  assert_said (self, RAN);
  assert_done (self, 2);
  laboratory_settle (&self->laboratory);
  g_assert_nonnull (atlas_lab_find_allocation (self->laboratory.lab, "a"));
}

static void
test_empty (Pane *self, gconstpointer data)
{
  run (self, "");
  assert_said (self, RAN);
  run (self, "\n# nothing\n \t\n");
  assert_said (self, RAN);
  assert_done (self, 0);
}

/* What the kernel refuses is part of the experiment. */
static void
test_call_that_fails (Pane *self, gconstpointer data)
{
  run (self, "mmap a 4p\nmadvise a remove\nmunmap a\n");
  assert_said (self, RAN);
  assert_done (self, 3);
}

/* --- files that cannot --- */

static void
test_missing (Pane *self, gconstpointer data)
{
  run_path (self, self->path);
  g_assert_nonnull (strstr (self->said, self->path));
  g_assert_nonnull (strstr (self->said, "No such file or directory"));
  run_path (self, self->folder);
  g_assert_nonnull (strstr (self->said, "directory"));
  assert_done (self, 0);
}

static void
test_not_text (Pane *self, gconstpointer data)
{
  const char utf16[] = "m\0m\0a\0p\0 \0a\0 \0004\0p\0\n";

  write_bytes (self, utf16, sizeof utf16);
  run_path (self, self->path);
  assert_said (self, "The file is no text");
  run (self, "mmap a 4p\nmmap b 4p file=/tmp/\xff\n");
  assert_said (self, "Line 2: The line is not valid UTF-8; other bytes are written \\xHH within "
                     "quotes");
  assert_done (self, 0);
}

/* A comment to its last byte is not. */
static void
test_too_large (Pane *self, gconstpointer data)
{
  g_autofree char *text = g_strnfill (MOST_BYTES + 1, '#');

  write_bytes (self, text, MOST_BYTES);
  run_path (self, self->path);
  assert_said (self, RAN);
  write_bytes (self, text, MOST_BYTES + 1);
  run_path (self, self->path);
  assert_said (self, "The file is too long for a script");
  run_path (self, "/dev/zero");
  assert_said (self, "The file is too long for a script");
}

/* --- lines that are wrong --- */

/* Found before anything is done. */
static void
test_wrong_lines (Pane *self, gconstpointer data)
{
  const struct
  {
    const char *script, *said;
  } cases[] = {
    { "mmap a 4p\n\nmallok b 1K\n", "Line 3: no command is called “mallok”" },
    { "mmap a\n", "Line 1: there is something missing behind “mmap”" },
    { "# free\nfree a b\n", "Line 2: there is too much behind “free”" },
    { "mmap a 4p\nmmap b 4p file=\"x\n",
      "Line 2: A quotation mark is not closed, or a backslash within quotes is followed by "
      "something unknown" },
    { "<b>bold</b> &amp;", "Line 1: no command is called “<b>bold</b>”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      run (self, cases[i].script);
      assert_said (self, cases[i].said);
    }
  assert_done (self, 0);
}

/* Words in quotes can hold any byte. */
static void
test_wrong_bytes (Pane *self, gconstpointer data)
{
  run (self, "\"\\xff\\x1b[31m\" a\n");
  assert_said (self, "Line 1: no command is called “\\xff\\x1b[31m”");
}

static gboolean
has_a (gpointer data)
{
  return atlas_lab_find_allocation (data, "a") != NULL;
}

/* Found by the process: what was done before stays, what comes behind is not done. That is said at
 * once; what there is now is asked for behind it. */
static void
test_refused_line (Pane *self, gconstpointer data)
{
  run (self, "mmap a 4p\nfree nothing\nmunmap a\n");
  assert_said (self, "Line 2: free: no allocation is called \"nothing\"");
  driver_wait (has_a, self->laboratory.lab);
  laboratory_settle (&self->laboratory);
  assert_done (self, 2);
}

/* --- a process that is not there --- */

static void
test_end (Pane *self, gconstpointer data)
{
  run (self, "exit\nmmap a 4p\n");
  g_assert_true (g_str_has_prefix (self->said, "Line 2: "));
  assert_done (self, 1);
  run (self, "mmap a 4p\n");
  g_assert_true (g_str_has_prefix (self->said, "Line 1: "));
}

/* The names that it gives are taken, unless there is a process for it. */
static void
test_again (Pane *self, gconstpointer data)
{
  gint pid;

  run (self, "malloc a 1K\nmmap b 1M\n");
  assert_said (self, RAN);
  pid = atlas_lab_get_pid (self->laboratory.lab);
  run (self, "malloc a 1K\nmmap b 1M\n");
  assert_said (self, "Line 1: malloc: there is an allocation called a already");
  g_assert_cmpint (atlas_lab_get_pid (self->laboratory.lab), ==, pid);
  self->fresh = TRUE;
  run (self, "malloc a 1K\nmmap b 1M\n");
  assert_said (self, RAN);
  assert_done (self, 2);
  g_assert_cmpint (atlas_lab_get_pid (self->laboratory.lab), !=, pid);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/app/script-dialog/" name, Pane, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("runs", test_runs);
  ADD ("empty", test_empty);
  ADD ("call-that-fails", test_call_that_fails);
  ADD ("missing", test_missing);
  ADD ("not-text", test_not_text);
  ADD ("too-large", test_too_large);
  ADD ("wrong-lines", test_wrong_lines);
  ADD ("wrong-bytes", test_wrong_bytes);
  ADD ("refused-line", test_refused_line);
  ADD ("end", test_end);
  ADD ("again", test_again);
  return g_test_run ();
}
