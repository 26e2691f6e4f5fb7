/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "Copy as C": what was done in the lab is done again by the program that it wrote. Its own output
 * is compared with the lab's answers, and its system calls with those that were traced there. */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "atlas-lab-trace.h"
#include "lab-compiler.h"
#include "lab-driver.h"

/* --- what the program says --- */

/* Steps in their order: the command, and the lines it said of it. */
typedef struct
{
  char *command;
  GPtrArray *lines;
} Said;

static void
said_free (Said *said)
{
  g_free (said->command);
  g_ptr_array_unref (said->lines);
  g_free (said);
}

/* "PID: COMMAND", or lines that begin with blanks. */
static GPtrArray *
parse_output (const char *output)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) said_free);
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  Said *said = NULL;

  for (char **line = lines; **line != '\0'; line++)
    if (g_str_has_prefix (*line, "  "))
      {
        g_assert (said != NULL);
        g_ptr_array_add (said->lines, g_strdup (*line + 2));
      }
    else
      {
        said = g_new (Said, 1);
        said->command = g_strdup (strstr (*line, ": ") + 2);
        said->lines = g_ptr_array_new_with_free_func (g_free);
        g_ptr_array_add (all, said);
      }
  return all;
}

/* The value behind "NAME: " in one of its lines. */
static const char *
find_value (const Said *said, const char *name)
{
  g_autofree char *prefix = g_strconcat (name, ": ", NULL);

  for (guint i = 0; i < said->lines->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (said->lines, i), prefix))
      return (const char *) g_ptr_array_index (said->lines, i) + strlen (prefix);
  return NULL;
}

/* --- comparing it with the lab --- */

/* Where memory lies within its page: the page itself is another one each time. */
static guint64
get_offset (guint64 address)
{
  return address % (guint64) sysconf (_SC_PAGESIZE);
}

static void
compare_number (AtlasLabEvent *event, const Said *said, const char *field, const char *name)
{
  const char *value = find_value (said, name);

  g_assert (value != NULL);
  g_assert_cmpstr (value, ==, atlas_lab_event_get_field (event, field));
}

static void
compare_address (AtlasLabEvent *event, const Said *said, const char *call)
{
  const char *value = find_value (said, call);
  guint64 address = 0;

  g_assert (value != NULL);
  g_assert_true (atlas_lab_event_get_number (event, "address", &address));
  g_assert_cmphex (get_offset (g_ascii_strtoull (value, NULL, 16)), ==, get_offset (address));
}

/* "mlock: Cannot allocate memory" is what both say; of a signal, its name. */
static void
compare_failure (AtlasLabEvent *event, const Said *said)
{
  const char *name = atlas_lab_event_get_error_name (event);
  const char *expected =
      g_str_has_prefix (name, "SIG") ? name : atlas_lab_event_get_error_text (event);
  guint position;

  g_assert_true (g_ptr_array_find_with_equal_func (said->lines, expected, g_str_equal, &position));
}

static void
assert_no_failure (const Said *said)
{
  for (guint i = 0; i < said->lines->len; i++)
    {
      const char *line = g_ptr_array_index (said->lines, i);
      const char *value = strstr (line, ": ");

      g_assert (value != NULL);
      g_assert_true (strcmp (value, ": ok") == 0 || g_ascii_isdigit (value[2]) || value[2] == '-');
    }
}

static void
compare_success (AtlasLabEvent *event, const Said *said)
{
  g_auto (GStrv) words = g_strsplit (said->command, " ", -1);
  guint first = 0;

  while (g_str_equal (words[first], "child") || g_str_equal (words[first], "thread"))
    {
      if (g_str_equal (words[first + 1], "start") || g_str_equal (words[first + 1], "stop"))
        break;
      first += 2;
    }
  assert_no_failure (said);
  if (strstr ("malloc calloc realloc aligned_alloc mmap mremap", words[first]) != NULL)
    compare_address (event, said, words[first]);
  else if (g_str_equal (words[first], "mincore"))
    compare_number (event, said, "resident", "mincore");
  else if (g_str_equal (words[first], "usable"))
    compare_number (event, said, "usable", "malloc_usable_size");
  else if (g_str_equal (words[first], "malloc_trim"))
    compare_number (event, said, "released", "malloc_trim");
  else if (g_str_equal (words[first], "mallinfo"))
    compare_number (event, said, "uordblks", "uordblks");
}

static void
compare_output (AtlasLab *lab, const char *output)
{
  GListModel *events = atlas_lab_get_events (lab);
  g_autoptr (GPtrArray) all = parse_output (output);

  g_assert_cmpuint (all->len, ==, g_list_model_get_n_items (events));
  for (guint i = 0; i < all->len; i++)
    {
      const Said *said = g_ptr_array_index (all, i);
      g_autoptr (AtlasLabEvent) event = g_list_model_get_item (events, i);

      g_test_message ("%s", said->command);
      g_assert_cmpstr (said->command, ==, atlas_lab_event_get_command (event));
      if (atlas_lab_event_get_ok (event))
        compare_success (event, said);
      else
        compare_failure (event, said);
    }
}

/* --- comparing calls --- */

/* Calls that both make, without their addresses. The lab asks for many pages in one mincore, and
 * for limits at other times. */
static void
append_call (GString *calls, const AtlasLabCall *call)
{
  g_autoptr (GRegex) regex = g_regex_new ("0x[0-9a-f]+", 0, 0, NULL);
  g_autofree char *text = g_regex_replace (regex, call->text, -1, 0, "0x…", 0, NULL);

  if (strcmp (call->name, "mincore") == 0 || strcmp (call->name, "prlimit64") == 0
      || call->kind == ATLAS_LAB_CALL_FORK || call->kind == ATLAS_LAB_CALL_THREAD)
    return;
  g_string_append_printf (calls, "%s %s\n", text,
                          call->failed                          ? call->error
                          : call->kind == ATLAS_LAB_CALL_SYSTEM ? "ok"
                                                                : "");
}

static char *
collect_lab_calls (AtlasLab *lab)
{
  GListModel *events = atlas_lab_get_events (lab);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (AtlasLabEvent) event = g_list_model_get_item (events, i);
      GPtrArray *calls = atlas_lab_event_get_calls (event);

      for (guint j = 0; j < calls->len; j++)
        append_call (text, g_ptr_array_index (calls, j));
    }
  return g_string_free (text, FALSE);
}

/* Those from where the program sets its limit, which is right before its first step. */
static char *
collect_program_calls (const char *trace)
{
  g_auto (GStrv) lines = g_strsplit (trace, "\n", -1);
  GString *text = g_string_new (NULL);
  gboolean begun = FALSE;

  for (char **line = lines; **line != '\0'; line++)
    {
      g_autoptr (AtlasLabTrace) parsed = atlas_lab_trace_parse (*line, strlen (*line));

      g_assert (parsed != NULL);
      if (parsed->call == NULL || g_str_equal (parsed->call->name, "SIGCHLD"))
        continue;
      if (begun)
        append_call (text, parsed->call);
      begun = begun || strstr (parsed->call->text, "RLIMIT_AS") != NULL;
    }
  return g_string_free (text, FALSE);
}

static void
compare_calls (AtlasLab *lab, const char *path)
{
  g_autofree char *file = g_strconcat (path, ".trace", NULL);
  g_autofree char *output_option = g_strconcat ("--output=", file, NULL);
  const char *words[] = { LAB_TRACER, output_option, "--", path, NULL };
  g_autofree char *trace = NULL;
  g_autofree char *expected = collect_lab_calls (lab);
  g_autofree char *calls = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDIN_PIPE);
  g_autoptr (GSubprocess) process = NULL;

  g_subprocess_launcher_unsetenv (launcher, "MALLOC_PERTURB_");
  process = g_subprocess_launcher_spawnv (launcher, words, &error);
  g_assert_no_error (error);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  g_file_get_contents (file, &trace, NULL, &error);
  g_assert_no_error (error);
  g_unlink (file);
  calls = collect_program_calls (trace);
  g_assert_cmpstr (calls, ==, expected);
}

/* --- doing it twice --- */

static void
do_twice (const char *script, gboolean same_calls)
{
  AtlasLab *lab = driver_new ();
  g_autofree char *program = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  char *path;

  driver_start (lab);
  g_assert_true (driver_run_script (lab, script, NULL, &error));
  g_assert_no_error (error);
  program = atlas_lab_dup_program (lab);
  path = compiler_build (program, "-O0");
  output = compiler_run (path, 0);
  compare_output (lab, output);
  if (same_calls)
    compare_calls (lab, path);
  compiler_remove (path);
  driver_free (lab);
}

static void
test_heap (void)
{
  do_twice (
      "malloc a 100K\nmalloc b 256K\ntouch a write\ntouch b read every 3\nusable a\n"
      "mincore a\nmincore b\nrealloc a 300K\nrealloc b 1M\nmincore a\nfree b\nmalloc c 500K\n"
      "malloc_trim\nmallinfo\ncalloc d 100 1K\ncalloc d1 1K\naligned_alloc e 4096 64K\nmincore e\n"
      "fill e 7\nmincore e\nmallopt mmap_threshold 32K\nmalloc f 40K\nfree a\nfree f\n"
      "malloc g 1\nmallinfo\n",
      TRUE);
}

static void
test_mappings (void)
{
  do_twice ("mmap m 64p\ntouch m write from 8 to 24\nmincore m\ntouch m write random 30\n"
            "mincore m\nmadvise m dontneed from 0 to 16\nmincore m\nmunmap m from 20 to 30\n"
            "mincore m\nmincore m.2\nmunmap m from 0 to 4\nmincore m\nmremap m 100p maymove\n"
            "touch m write\nmincore m\nmprotect m none from 1 to 2\ntouch m write\n"
            "mmap p 1M populate\nmincore p\nmemfd d 64K\ntouch d write\nmincore d\nmunmap m.2\n"
            "mmap big 100T\n",
            TRUE);
}

static void
test_locks (void)
{
  do_twice ("setrlimit memlock 64K\ngetrlimit memlock\nmmap m 256K\nmlock m\n"
            "mlock m from 0 to 16\nmincore m\nmlock m onfault from 16 to 17\nmunlockall\n"
            "mlockall current\n",
            TRUE);
}

/* The lab rounds to pages what the kernel would round: the calls are not the same to the letter. */
static void
test_locks_on_heap (void)
{
  do_twice ("malloc a 20K\nmlock a\nmincore a\nmunlock a\nmlock a from 1 to 2\nfree a\n", FALSE);
}

/* Each child does its own when it has the turn. */
static void
test_forks (void)
{
  do_twice ("malloc a 300K\ntouch a write\nfork kid\nchild kid touch a write\n"
            "child kid malloc b 100K\nmalloc b 2M\nchild kid mincore a\nchild kid fork x\n"
            "child kid child x free a\nfree a\nchild kid usable a\nmalloc g 1\n"
            "child kid exit 3\nfork kid\nchild kid malloc f 1K\nmalloc h 1\n",
            TRUE);
}

/* How much of the addresses it got an arena gives back depends on where they happen to be, so that
 * the calls differ each time. */
static void
test_threads (void)
{
  do_twice ("thread start t\nthread t malloc c 100K\nthread t touch c write\nmincore c\n"
            "thread t free c\nfork kid\nthread start u\nthread u malloc e 10K\nthread stop t\n"
            "child kid thread start t\nchild kid thread t malloc h 300K\n"
            "child kid thread t exit\nchild kid mincore h\nthread u fork other\n"
            "child other usable e\n",
            FALSE);
}

static void
test_signals (void)
{
  do_twice ("mmap m 2p prot=none\ntouch m read\ntouch m write\noverflow\nmprotect m rw\n"
            "touch m write\noverflow 100K\ntouch m read\n",
            TRUE);
}

static void
test_exit (void)
{
  AtlasLab *lab = driver_new ();
  g_autofree char *program = NULL;
  g_autofree char *output = NULL;
  char *path;

  driver_start (lab);
  driver_give (lab, "malloc a 100K");
  driver_give (lab, "fork kid");
  driver_give (lab, "exit 7");
  program = atlas_lab_dup_program (lab);
  path = compiler_build (program, "-O2");
  output = compiler_run (path, 7);
  compiler_remove (path);
  driver_free (lab);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* root may lock what it likes, which would leave nothing to see */
  prctl (PR_CAPBSET_DROP, 14 /* CAP_IPC_LOCK */, 0, 0, 0);
  g_test_add_func ("/lab/program/heap", test_heap);
  g_test_add_func ("/lab/program/mappings", test_mappings);
  g_test_add_func ("/lab/program/locks", test_locks);
  g_test_add_func ("/lab/program/locks-on-heap", test_locks_on_heap);
  g_test_add_func ("/lab/program/forks", test_forks);
  g_test_add_func ("/lab/program/threads", test_threads);
  g_test_add_func ("/lab/program/signals", test_signals);
  g_test_add_func ("/lab/program/exit", test_exit);
  return g_test_run ();
}
