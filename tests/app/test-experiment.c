/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the window asks of the lab, with the real subject under the real tracer: each action is run
 * once, in its order, and what came of it is its own. */

#include <signal.h>
#include <string.h>

#include "atlas-experiment.h"
#include "atlas-lab-process.h"

#define WATCHDOG_SECONDS 60

typedef struct
{
  AtlasSession *session;
  AtlasExperiment *experiment;
  AtlasLab *lab;
  GPtrArray *actions; /* that were shown, one after the other */
  GPtrArray *said;
} Fixture;

/* --- waiting --- */

typedef gboolean (*Condition) (Fixture *self);

static gboolean
watchdog_cb (gpointer data)
{
  g_error ("Waited in vain");
  return G_SOURCE_REMOVE;
}

static void
wait_until (Fixture *self, Condition condition)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, NULL);

  while (!condition (self))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

static gboolean
is_ready (Fixture *self)
{
  return atlas_lab_get_state (self->lab) == ATLAS_LAB_READY;
}

static gboolean
is_busy (Fixture *self)
{
  return atlas_lab_get_state (self->lab) == ATLAS_LAB_BUSY;
}

static gboolean
has_ended (Fixture *self)
{
  return atlas_lab_get_state (self->lab) == ATLAS_LAB_ENDED;
}

static gboolean
has_child (Fixture *self)
{
  return g_list_model_get_n_items (atlas_lab_get_processes (self->lab)) == 2;
}

static gboolean
has_no_child (Fixture *self)
{
  return g_list_model_get_n_items (atlas_lab_get_processes (self->lab)) == 1;
}

static gboolean
has_picture (Fixture *self)
{
  return atlas_session_get_snapshot (self->session) != NULL;
}

static gboolean
says_gone (Fixture *self)
{
  return atlas_session_get_state (self->session) == ATLAS_SESSION_GONE;
}

/* Whether more than its remains is left; they wait for somebody else. */
static gboolean
is_alive (gint pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *stat = NULL;
  const char *state;

  if (!g_file_get_contents (path, &stat, NULL, NULL))
    return FALSE;
  state = strrchr (stat, ')');
  return state != NULL && state[2] != 'Z' && state[2] != 'X';
}

static void
wait_for_end (gint pid)
{
  gint64 end = g_get_monotonic_time () + WATCHDOG_SECONDS * G_USEC_PER_SEC;

  while (is_alive (pid) && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_assert_false (is_alive (pid));
}

/* --- the fixture --- */

static void
action_cb (Fixture *self)
{
  AtlasLabAction *action = atlas_experiment_get_action (self->experiment);

  if (action != NULL)
    g_ptr_array_add (self->actions, g_object_ref (action));
}

static void
said_cb (Fixture *self, const char *sentence)
{
  g_ptr_array_add (self->said, g_strdup (sentence));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", &error);

  g_assert_no_error (error);
  self->session = atlas_session_new (procfs);
  self->experiment = atlas_experiment_new (self->session);
  self->lab = atlas_experiment_get_lab (self->experiment);
  self->actions = g_ptr_array_new_with_free_func (g_object_unref);
  self->said = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect_swapped (self->experiment, "notify::action", G_CALLBACK (action_cb), self);
  g_signal_connect_swapped (self->experiment, "said", G_CALLBACK (said_cb), self);
  atlas_experiment_start (self->experiment);
  wait_until (self, is_ready);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  atlas_experiment_close (self->experiment);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->experiment);
  g_object_unref (self->session);
  g_ptr_array_unref (self->actions);
  g_ptr_array_unref (self->said);
}

static void
run (Fixture *self, const char *command)
{
  atlas_experiment_run_one (self->experiment, command);
}

/* All that was asked for is done. */
static void
settle (Fixture *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  wait_until (self, is_ready);
}

static AtlasLabEvent *
get_event (AtlasLabAction *action, guint index)
{
  GPtrArray *events = atlas_lab_action_get_events (action);

  g_assert_cmpuint (index, <, events->len);
  return events->pdata[index];
}

static void
assert_action (Fixture *self, guint index, const char *const *commands, gboolean ok)
{
  AtlasLabAction *action;
  GPtrArray *events;

  g_assert_cmpuint (index, <, self->actions->len);
  action = self->actions->pdata[index];
  events = atlas_lab_action_get_events (action);
  g_assert_cmpuint (events->len, ==, g_strv_length ((char **) commands));
  for (guint i = 0; i < events->len; i++)
    g_assert_cmpstr (atlas_lab_event_get_command (events->pdata[i]), ==, commands[i]);
  g_assert_cmpint (atlas_lab_event_get_ok (get_event (action, events->len - 1)), ==, ok);
}

#define ASSERT_ACTION(index, ok, ...)                                                              \
  assert_action (self, index, (const char *const[]){ __VA_ARGS__, NULL }, ok)

/* --- actions --- */

/* Typed faster than it is done; the first is wrong. */
static void
test_none_is_lost (Fixture *self, gconstpointer data)
{
  run (self, "free nothing");
  run (self, "malloc a 256K");
  run (self, "mallok b 256K");
  run (self, "malloc c 256K");
  settle (self);
  g_assert_cmpuint (self->actions->len, ==, 4);
  ASSERT_ACTION (0, FALSE, "free nothing");
  ASSERT_ACTION (1, TRUE, "malloc a 256K");
  ASSERT_ACTION (2, FALSE, "mallok b 256K");
  ASSERT_ACTION (3, TRUE, "malloc c 256K");
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_allocations (self->lab)), ==, 2);
  g_assert_cmpuint (self->said->len, ==, 0);
}

static void
test_stops_at_what_fails (Fixture *self, gconstpointer data)
{
  const char *const commands[] = { "malloc a 256K", "touch b write", "mlock a", NULL };
  const AtlasGuess guess = { .how = ATLAS_GUESS_MMAP, .has_size = TRUE, .size_kb = 260 };

  atlas_experiment_run (self->experiment, commands, &guess);
  run (self, "free a");
  settle (self);
  g_assert_cmpuint (self->actions->len, ==, 2);
  ASSERT_ACTION (0, FALSE, "malloc a 256K", "touch b write");
  ASSERT_ACTION (1, TRUE, "free a");
  g_assert_cmpint (atlas_lab_action_get_guess (self->actions->pdata[0])->size_kb, ==, 260);
  g_assert_null (atlas_lab_action_get_guess (self->actions->pdata[1]));
  g_assert_cmpint (atlas_lab_action_get_how (self->actions->pdata[0]), ==, ATLAS_GUESS_MMAP);
}

/* What is no choice of malloc's is predicted as well, and not told twice: "mmap 256K". */
static void
test_how_of_calls (Fixture *self, gconstpointer data)
{
  const struct
  {
    const char *command, *title;
    AtlasGuessHow how;
  } cases[] = {
    { "mmap a 256K populate", "mmap 256K", ATLAS_GUESS_MMAP },
    { "memfd b 256K", "memfd 256K", ATLAS_GUESS_MMAP },
    { "sbrk c 64K", "sbrk 64K", ATLAS_GUESS_BRK },
    { "malloc d 1M", "malloc 1M → mmap", ATLAS_GUESS_MMAP },
    { "mmap e 256K file=/nowhere", "mmap 256K", ATLAS_GUESS_OPEN },
    { "touch a write", "touch write", ATLAS_GUESS_OPEN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    run (self, cases[i].command);
  settle (self);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *title = atlas_lab_action_dup_title (self->actions->pdata[i]);

      g_test_message ("%s", cases[i].command);
      g_assert_cmpstr (title, ==, cases[i].title);
      g_assert_cmpint (atlas_lab_action_get_how (self->actions->pdata[i]), ==, cases[i].how);
    }
}

/* Not begun at all: it is said, and the rest goes on. */
static void
test_says_why (Fixture *self, gconstpointer data)
{
  run (self, "# nothing");
  run (self, "malloc a 256K");
  settle (self);
  g_assert_cmpuint (self->said->len, ==, 1);
  ASSERT_ACTION (0, TRUE, "malloc a 256K");
  run (self, "exit");
  run (self, "malloc b 256K");
  wait_until (self, has_ended);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (self->said->len, ==, 2);
  run (self, "malloc c 256K");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (self->said->len, ==, 3);
}

/* What waited was meant for the process that is gone. */
static void
test_fresh_process (Fixture *self, gconstpointer data)
{
  gint pid = atlas_lab_get_pid (self->lab);

  for (guint i = 0; i < 20; i++)
    run (self, "malloc_trim");
  atlas_experiment_start (self->experiment);
  run (self, "malloc new 256K");
  settle (self);
  g_assert_cmpint (atlas_lab_get_pid (self->lab), !=, pid);
  g_assert_cmpint (atlas_session_get_pid (self->session), ==, atlas_lab_get_pid (self->lab));
  wait_for_end (pid);
  g_assert_cmpuint (self->said->len, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_events (self->lab)), ==, 1);
  g_assert_nonnull (atlas_lab_find_allocation (self->lab, "new"));
}

/* A lesson does several things that are one, and is not disturbed. */
static void
test_lesson (Fixture *self, gconstpointer data)
{
  atlas_experiment_begin (self->experiment);
  run (self, "malloc mine 256K");
  atlas_lab_run (self->lab, "malloc a 256K", NULL, NULL);
  atlas_lab_run (self->lab, "free a", NULL, NULL);
  wait_until (self, is_busy);
  settle (self);
  g_assert_null (atlas_lab_find_allocation (self->lab, "mine"));
  ASSERT_ACTION (0, TRUE, "malloc a 256K", "free a");
  atlas_experiment_end (self->experiment);
  settle (self);
  g_assert_nonnull (atlas_lab_find_allocation (self->lab, "mine"));
  ASSERT_ACTION (1, TRUE, "malloc mine 256K");
  run (self, "free mine");
  settle (self);
  ASSERT_ACTION (2, TRUE, "free mine");
}

/* Going back to the beginning of a lesson is a fresh process to which nothing has happened. */
static void
test_lesson_begins_anew (Fixture *self, gconstpointer data)
{
  run (self, "malloc a 256K");
  settle (self);
  g_assert_nonnull (atlas_experiment_get_action (self->experiment));
  atlas_experiment_begin (self->experiment);
  atlas_lab_start (self->lab);
  settle (self);
  atlas_experiment_end (self->experiment);
  g_assert_null (atlas_experiment_get_action (self->experiment));
  g_assert_true (atlas_experiment_is_watching (self->experiment));
}

/* A script's commands are actions of their own. */
static void
test_script (Fixture *self, gconstpointer data)
{
  atlas_lab_run_script (self->lab, "malloc a 256K\n# one more\ntouch a write\n", NULL, NULL);
  wait_until (self, is_busy);
  settle (self);
  g_assert_cmpuint (self->actions->len, ==, 2);
  ASSERT_ACTION (0, TRUE, "malloc a 256K");
  ASSERT_ACTION (1, TRUE, "touch a write");
}

/* Other commands wait for a script that is under way: what its lines did is none of their doing. */
static void
test_behind_a_script (Fixture *self, gconstpointer data)
{
  atlas_lab_run_script (self->lab, "malloc a 256K\ntouch a write\nmalloc b 1M\n", NULL, NULL);
  run (self, "free a");
  wait_until (self, is_busy);
  settle (self);
  g_assert_cmpuint (self->actions->len, ==, 4);
  ASSERT_ACTION (0, TRUE, "malloc a 256K");
  ASSERT_ACTION (1, TRUE, "touch a write");
  ASSERT_ACTION (2, TRUE, "malloc b 1M");
  ASSERT_ACTION (3, TRUE, "free a");
}

/* --- what changed --- */

static gboolean
has_some_past (Fixture *self)
{
  guint n_points;

  atlas_session_get_history (self->session, &n_points);
  return n_points >= 3;
}

/* What an action changed is told against how it was before it, not against the past looked at. */
static void
test_changes_in_the_past (Fixture *self, gconstpointer data)
{
  AtlasLabEvent *event;
  AtlasSnapshot *before;
  gint64 first;
  guint n_points;

  wait_until (self, has_some_past);
  first = atlas_session_get_history (self->session, &n_points)[0].monotonic;
  atlas_session_set_cursor (self->session, first);
  run (self, "malloc a 256K");
  settle (self);
  atlas_session_set_cursor (self->session, 0);
  event = get_event (self->actions->pdata[0], 0);
  before = atlas_session_get_previous (self->session);
  g_assert_nonnull (before);
  g_assert_cmpint (atlas_snapshot_get_monotonic (before), >, first);
  g_assert_cmpint (atlas_snapshot_get_monotonic (before) + atlas_snapshot_get_duration (before), <=,
                   atlas_lab_event_get_started (event));
}

/* --- names --- */

static void
assert_free_id (Fixture *self, const char *wanted)
{
  g_autofree char *id = atlas_experiment_dup_free_id (self->experiment);

  g_assert_cmpstr (id, ==, wanted);
}

/* Also while the command that takes the name waits. */
static void
test_free_ids (Fixture *self, gconstpointer data)
{
  assert_free_id (self, "a");
  run (self, "malloc a 1K");
  assert_free_id (self, "b");
  run (self, "malloc b 1K");
  assert_free_id (self, "c");
  g_assert_true (atlas_experiment_is_about_to (self->experiment, "malloc b 1K"));
  g_assert_false (atlas_experiment_is_about_to (self->experiment, "malloc b"));
  settle (self);
  assert_free_id (self, "c");
  g_assert_false (atlas_experiment_is_about_to (self->experiment, "malloc b 1K"));
  run (self, "free a");
  settle (self);
  assert_free_id (self, "a");
  for (char letter = 'a'; letter <= 'z'; letter++)
    {
      g_autofree char *command = g_strdup_printf ("malloc %c 16", letter);

      run (self, command);
    }
  assert_free_id (self, "a1");
  settle (self);
  assert_free_id (self, "a1");
}

/* --- the session --- */

static void
test_history (Fixture *self, gconstpointer data)
{
  const char *const commands[] = { "malloc a 256K", "touch a write", NULL };
  const AtlasHistoryMark *marks;
  guint n;
  gint64 before = g_get_monotonic_time ();

  run (self, "malloc small 100K");
  atlas_experiment_run (self->experiment, commands, NULL);
  settle (self);
  marks = atlas_session_get_marks (self->session, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (marks[0].text, ==, "malloc 100K → brk");
  g_assert_cmpstr (marks[1].text, ==, "malloc 256K → mmap");
  g_assert_cmpint (marks[0].monotonic, >, before);
  g_assert_cmpint (marks[1].monotonic, >, marks[0].monotonic);
  g_assert_cmpint (marks[1].monotonic, <, g_get_monotonic_time ());
}

static void
test_labels (Fixture *self, gconstpointer data)
{
  AtlasLabAllocation *allocation;
  const AtlasLabel *labels;
  guint64 address;
  guint n;

  run (self, "mmap a 256K");
  settle (self);
  allocation = atlas_lab_find_allocation (self->lab, "a");
  address = atlas_lab_allocation_get_address (allocation);
  labels = atlas_labels_get (atlas_session_get_labels (self->session), &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (labels[0].start, ==, address);
  g_assert_cmpuint (labels[0].end, ==, address + 256 * 1024);
  run (self, "munmap a");
  settle (self);
  atlas_labels_get (atlas_session_get_labels (self->session), &n);
  g_assert_cmpuint (n, ==, 0);
}

static void
test_watches_what_is_chosen (Fixture *self, gconstpointer data)
{
  gint parent = atlas_lab_get_pid (self->lab);

  g_assert_cmpint (atlas_session_get_pid (self->session), ==, parent);
  g_assert_true (atlas_experiment_is_watching (self->experiment));
  run (self, "fork kid");
  settle (self);
  wait_until (self, has_child);
  atlas_experiment_choose (self->experiment, "kid");
  g_assert_cmpint (atlas_session_get_pid (self->session), !=, parent);
  settle (self);
  /* its end brings one back to its parent */
  kill (atlas_session_get_pid (self->session), SIGKILL);
  wait_until (self, has_no_child);
  g_assert_cmpint (atlas_session_get_pid (self->session), ==, parent);
}

static void
test_lets_go (Fixture *self, gconstpointer data)
{
  gint child;

  run (self, "fork kid");
  settle (self);
  wait_until (self, has_child);
  atlas_experiment_choose (self->experiment, "kid");
  child = atlas_session_get_pid (self->session);
  atlas_session_set_pid (self->session, 1);
  g_assert_false (atlas_experiment_is_watching (self->experiment));
  kill (child, SIGKILL);
  wait_until (self, has_no_child);
  g_assert_cmpint (atlas_session_get_pid (self->session), ==, 1);
  atlas_experiment_watch (self->experiment);
  g_assert_cmpint (atlas_session_get_pid (self->session), ==, atlas_lab_get_pid (self->lab));
}

/* With a command under way that never ends. */
static void
test_close (Fixture *self, gconstpointer data)
{
  gint pid = atlas_lab_get_pid (self->lab);

  kill (pid, SIGSTOP);
  run (self, "malloc a 1K");
  run (self, "malloc b 1K");
  atlas_experiment_close (self->experiment);
  g_assert_cmpint (atlas_lab_get_state (self->lab), ==, ATLAS_LAB_STOPPED);
  wait_for_end (pid);
  g_assert_cmpuint (self->said->len, ==, 0);
}

/* Also a picture that stands still says that its process is gone. */
static void
test_ends_while_paused (Fixture *self, gconstpointer data)
{
  wait_until (self, has_picture);
  atlas_session_set_paused (self->session, TRUE);
  kill (atlas_lab_get_pid (self->lab), SIGKILL);
  wait_until (self, says_gone);
  g_assert_true (has_picture (self));
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/app/experiment/none-is-lost", test_none_is_lost);
  ADD ("/app/experiment/stops-at-what-fails", test_stops_at_what_fails);
  ADD ("/app/experiment/how-of-calls", test_how_of_calls);
  ADD ("/app/experiment/says-why", test_says_why);
  ADD ("/app/experiment/fresh-process", test_fresh_process);
  ADD ("/app/experiment/ends-while-paused", test_ends_while_paused);
  ADD ("/app/experiment/lesson", test_lesson);
  ADD ("/app/experiment/lesson-begins-anew", test_lesson_begins_anew);
  ADD ("/app/experiment/script", test_script);
  ADD ("/app/experiment/behind-a-script", test_behind_a_script);
  ADD ("/app/experiment/changes-in-the-past", test_changes_in_the_past);
  ADD ("/app/experiment/free-ids", test_free_ids);
  ADD ("/app/experiment/history", test_history);
  ADD ("/app/experiment/labels", test_labels);
  ADD ("/app/experiment/watches-what-is-chosen", test_watches_what_is_chosen);
  ADD ("/app/experiment/lets-go", test_lets_go);
  ADD ("/app/experiment/close", test_close);
  return g_test_run ();
}
