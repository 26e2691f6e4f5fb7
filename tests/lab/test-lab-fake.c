/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The client against subjects and tracers that die, hang or talk nonsense. */

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lab-driver.h"

/* A subject up to where it takes commands. */
#define READY                                                                                      \
  "#!/bin/sh\necho \"ok pid=$$ page=4096 mmap_threshold=1 dynamic=no\tfaults=0 major=0\"\n"
/* One that answers its client's own questions; a command does @what. */
#define SERVES(what)                                                                               \
  READY "while read -r line; do\n"                                                                 \
        "  case $line in list | thresholds) echo ok ;; *) " what " ;; esac\n"                      \
        "done\n"
#define MEMORY_ENOUGH_KB 64000

static guint n_descriptors_before, n_children_before;

static gboolean
is_all_gone (gpointer data)
{
  return driver_count_descriptors () <= n_descriptors_before
         && driver_count_children () <= n_children_before;
}

/* What GLib opens for itself the first time. */
static void
warm_up (void)
{
  AtlasLab *lab = driver_new_with (READY "read -r line\n", "");

  driver_start (lab);
  driver_free (lab);
}

static AtlasLab *
make (const char *subject, const char *tracer)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  n_descriptors_before = driver_count_descriptors ();
  n_children_before = driver_count_children ();
  return driver_new_with (subject, tracer);
}

/* Nothing is left of it, whatever it did. */
static void
end (AtlasLab *lab)
{
  driver_free (lab);
  driver_wait (is_all_gone, NULL);
}

static void
assert_ending (AtlasLab *lab, const char *ending)
{
  driver_wait_for_state (lab, ATLAS_LAB_ENDED);
  g_assert_cmpstr (atlas_lab_get_ending (lab), ==, ending);
}

/* --- the beginning --- */

static void
test_dies_at_once (void)
{
  static const char *const scripts[][2] = {
    { "#!/bin/sh\nexit 3\n", "ended with status 3" },
    { "#!/bin/sh\necho first >&2; echo 'second \033[31m' >&2; exit 2\n",
      "ended with status 2: first second \\x1b[31m" },
    { "#!/bin/sh\nkill -SEGV $$\n", "killed by SIGSEGV" },
    { "#!/bin/sh\nprintf 'ok pid=1'\n", "ended by itself" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      AtlasLab *lab = make (scripts[i][0], "");
      g_autoptr (GError) error = NULL;

      atlas_lab_start (lab);
      error = driver_run_failing (lab, "malloc a 1K");
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
      assert_ending (lab, scripts[i][1]);
      end (lab);
    }
}

static void
test_cannot_start (void)
{
  AtlasLab *lab = make ("/nowhere/subject", "");

  atlas_lab_start (lab);
  driver_wait_for_state (lab, ATLAS_LAB_ENDED);
  g_assert_true (g_str_has_prefix (atlas_lab_get_ending (lab), "could not be started: "));
  end (lab);
}

static void
test_wrong_greeting (void)
{
  static const char *const scripts[][2] = {
    { "#!/bin/sh\necho hello; exec sleep 1000\n", "hello" },
    { "#!/bin/sh\necho; exec sleep 1000\n", "" },
    { "#!/bin/sh\necho ok; exec sleep 1000\n", "ok" },
    { "#!/bin/sh\necho ok pid=0; exec sleep 1000\n", "ok pid=0" },
    { "#!/bin/sh\necho error EIO line: no; exec sleep 1000\n", "error EIO line: no" },
    { "#!/bin/sh\nprintf '\\001\\377\\000x\\n'; exec sleep 1000\n", "\\x01\\xff\\x00x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      AtlasLab *lab = make (scripts[i][0], "");
      g_autofree char *ending =
          g_strdup_printf ("ended from here, for it wrote what is no answer: “%s”", scripts[i][1]);

      atlas_lab_start (lab);
      assert_ending (lab, ending);
      end (lab);
    }
}

/* --- at a command --- */

static void
assert_event_ending (const char *script, const char *name, const char *ending)
{
  AtlasLab *lab = make (script, "");
  g_autoptr (AtlasLabEvent) event = NULL;

  driver_start (lab);
  event = driver_run (lab, "malloc a 1K");
  g_assert_false (atlas_lab_event_get_ok (event));
  g_assert_cmpstr (atlas_lab_event_get_error_name (event), ==, name);
  g_assert_cmpstr (atlas_lab_event_get_ending (event), ==, ending);
  g_assert_cmpstr (atlas_lab_event_get_error_text (event), ==, ending);
  g_assert_nonnull (atlas_lab_event_get_before (event));
  assert_ending (lab, ending);
  end (lab);
}

static void
test_dies (void)
{
  assert_event_ending (READY "read -r line; exit 0\n", "EXIT", "ended by itself");
  assert_event_ending (READY "read -r line; printf 'ok addr'; exit 5\n", "EXIT",
                       "ended with status 5");
  assert_event_ending (READY "read -r line; kill -KILL $$\n", "SIGKILL", "killed by SIGKILL");
  assert_event_ending (READY "read -r line; echo 'free(): invalid pointer' >&2; kill -ABRT $$\n",
                       "SIGABRT", "killed by SIGABRT: free(): invalid pointer");
}

#define NONSENSE(text) "ended from here, for it wrote what is no answer: “" text "”"

static void
test_nonsense (void)
{
  assert_event_ending (READY "read -r line; echo what; exec sleep 1000\n", "SIGKILL",
                       NONSENSE ("what"));
  assert_event_ending (READY "read -r line; head -c 3 /dev/zero; echo; exec sleep 1000\n",
                       "SIGKILL", NONSENSE ("\\x00\\x00\\x00"));
  assert_event_ending (READY "read -r line; printf '%0200d\n' 0; exec sleep 1000\n", "SIGKILL",
                       NONSENSE ("000000000000000000000000000000…00000000000000000000000000000"));
  /* its output closed, it can answer nothing any more */
  assert_event_ending (READY "read -r line; exec >&-; exec sleep 1000\n", "SIGKILL",
                       "killed by SIGKILL");
}

/* An answer that nobody asked for. */
static void
test_talks_unasked (void)
{
  AtlasLab *lab = make (READY "sleep 0.1; echo ok unasked; exec sleep 1000\n", "");

  driver_start (lab);
  assert_ending (lab, NONSENSE ("ok unasked"));
  end (lab);
}

/* --- without an end --- */

static guint64
read_peak (void)
{
  g_autofree char *status = NULL;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  return g_ascii_strtoull (strstr (status, "VmHWM:") + strlen ("VmHWM:"), NULL, 10);
}

static gboolean
ticked_cb (gpointer user_data)
{
  guint *n_ticks = user_data;

  (*n_ticks)++;
  return G_SOURCE_CONTINUE;
}

static gboolean
has_ticked (gpointer user_data)
{
  return *(guint *) user_data >= 30;
}

/* While it writes and writes, the main loop goes on and memory stays what it was. */
static void
assert_bounded (const char *what)
{
  g_autofree char *script = g_strconcat (READY "read -r line; ", what, "\n", NULL);
  AtlasLab *lab = make (script, "");
  guint64 before = read_peak ();
  guint n_ticks = 0;
  guint source;

  driver_start (lab);
  atlas_lab_run (lab, "malloc a 1K", NULL, NULL);
  source = g_timeout_add (10, ticked_cb, &n_ticks);
  driver_wait (has_ticked, &n_ticks);
  g_source_remove (source);
  g_assert_cmpuint (read_peak () - before, <, MEMORY_ENOUGH_KB);
  g_assert_cmpint (atlas_lab_get_state (lab), ==, ATLAS_LAB_BUSY);
  end (lab);
}

static void
test_endless (void)
{
  assert_bounded ("exec tr '\\0' x < /dev/zero");
  assert_bounded ("exec yes '# comment'");
  assert_bounded ("yes complaint >&2");
}

/* What is kept of an answer is what there is room for. */
static void
test_long_answer (void)
{
  AtlasLab *lab =
      make (SERVES ("printf 'ok a='; head -c 10485760 /dev/zero | tr '\\0' x; echo"), "");
  g_autoptr (AtlasLabEvent) event = NULL;
  const char *value;

  driver_start (lab);
  event = driver_do (lab, "malloc a 1K");
  value = atlas_lab_event_get_field (event, "a");
  g_assert_cmpuint (strlen (value), >, 1000000);
  g_assert_cmpuint (strlen (value), <=, 1024 * 1024);
  end (lab);
}

/* More on standard error than a pipe holds. */
static void
test_complains (void)
{
  AtlasLab *lab = make (SERVES ("head -c 1000000 /dev/zero | tr '\\0' x >&2; echo ok a=1"), "");

  driver_start (lab);
  driver_give (lab, "malloc a 1K");
  end (lab);
}

/* --- hanging --- */

static gboolean
is_slow (gpointer lab)
{
  return atlas_lab_get_slow (lab);
}

static void
test_hangs (void)
{
  AtlasLab *lab = make (READY "exec sleep 1000\n", "");
  gint64 since;

  driver_start (lab);
  g_assert_cmpint (atlas_lab_get_busy_since (lab), ==, 0);
  atlas_lab_run (lab, "malloc a 1K", NULL, NULL);
  since = atlas_lab_get_busy_since (lab);
  g_assert_cmpint (since, >, 0);
  g_assert_false (atlas_lab_get_slow (lab));
  driver_wait (is_slow, lab);
  g_assert_cmpint (g_get_monotonic_time () - since, >=, G_TIME_SPAN_SECOND / 2);
  g_assert_cmpint (atlas_lab_get_state (lab), ==, ATLAS_LAB_BUSY);
  g_assert_cmpint (atlas_lab_get_busy_since (lab), ==, since);
  /* again, while it hangs */
  atlas_lab_start (lab);
  g_assert_false (atlas_lab_get_slow (lab));
  driver_wait_for_state (lab, ATLAS_LAB_READY);
  atlas_lab_run (lab, "malloc a 1K", NULL, NULL);
  end (lab);
}

/* It hangs at a question: what was done is told all the same, once it is clear that it hangs. */
static void
test_hangs_at_question (void)
{
  AtlasLab *lab = make (READY "read -r line; echo ok a=1; exec sleep 1000\n", "");

  driver_start (lab);
  driver_give (lab, "malloc a 1K");
  end (lab);
}

/* Commands that nobody reads are kept back, and a pipe without a reader ends nothing here. */
static void
test_deaf (void)
{
  AtlasLab *lab = make (READY "exec <&-; exec sleep 1000\n", "");

  driver_start (lab);
  for (guint i = 0; i < 3; i++)
    {
      atlas_lab_run (lab, "malloc a 1K", NULL, NULL);
      g_usleep (20000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  end (lab);
}

/* --- tracers --- */

static void
assert_untraced (AtlasLab *lab, const char *problem)
{
  g_autoptr (AtlasLabEvent) event = NULL;

  driver_start (lab);
  g_assert_cmpstr (atlas_lab_get_trace_problem (lab), ==, problem);
  event = driver_do (lab, "malloc a 1M");
  g_assert_cmpuint (atlas_lab_event_get_calls (event)->len, ==, 0);
  g_assert_cmpint (atlas_lab_event_get_how (event), ==, ATLAS_LAB_HOW_UNKNOWN);
  g_assert_cmpint (atlas_lab_allocation_get_how (atlas_lab_find_allocation (lab, "a")), ==,
                   ATLAS_LAB_HOW_UNKNOWN);
  driver_give (lab, "mmap m 1M");
  g_assert_cmpint (atlas_lab_allocation_get_how (atlas_lab_find_allocation (lab, "m")), ==,
                   ATLAS_LAB_HOW_MMAP);
  driver_give (lab, "fork kid");
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_processes (lab)), ==, 2);
  end (lab);
}

static void
test_no_tracer (void)
{
  assert_untraced (make (LAB_SUBJECT, ""), "there is no tracer");
  assert_untraced (make (LAB_SUBJECT, "/nowhere/tracer"), "the tracer is not installed");
}

/* --- a fake tracer: a script beside the test's own --- */

static char *
write_tracer (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("atlas-lab-XXXXXX", &error);
  char *path = g_build_filename (folder, "tracer", NULL);

  g_assert_no_error (error);
  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0755, &error);
  g_assert_no_error (error);
  return path;
}

static void
remove_tracer (char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  unlink (path);
  rmdir (folder);
  g_free (path);
}

static void
test_tracer_refused (void)
{
  static const char *const scripts[][2] = {
    { "#!/bin/sh\necho 'memory-atlas-trace: the kernel refuses' >&2; exit 126\n",
      "the kernel refuses" },
    { "#!/bin/sh\nexit 125\n", "ended with status 125" },
    { "#!/bin/sh\nkill -SYS $$\n", "killed by SIGSYS" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      char *tracer = write_tracer (scripts[i][0]);

      assert_untraced (make (LAB_SUBJECT, tracer), scripts[i][1]);
      remove_tracer (tracer);
    }
}

/* Runs its program, but writes what is no trace. */
static void
test_tracer_nonsense (void)
{
  char *tracer = write_tracer (
      "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done; shift\n"
      "printf 'nonsense\\n\\000\\377\\n{\\n' >&3; head -c 1000000 /dev/zero >&3; echo >&3\n"
      "\"$@\"\n");
  AtlasLab *lab = make (LAB_SUBJECT, tracer);
  gint pid;

  driver_start (lab);
  driver_give (lab, "malloc a 1M");
  g_assert_cmpstr (atlas_lab_get_trace_problem (lab), ==,
                   "the tracer wrote a line that makes no sense");
  /* the subject is this tracer's child: it ends with the input */
  pid = atlas_lab_get_pid (lab);
  driver_free (lab);
  driver_wait_for_end (pid);
  remove_tracer (tracer);
}

/* Every ptrace from here on fails, as in some containers. */
static void
forbid_ptrace (void)
{
  struct sock_filter code[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { G_N_ELEMENTS (code), code };

  g_assert_cmpint (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), ==, 0);
  g_assert_cmpint (prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), ==, 0);
}

static void
test_ptrace_forbidden (void)
{
  AtlasLab *lab;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  forbid_ptrace ();
  lab = driver_new ();
  driver_start (lab);
  g_assert_true (
      g_str_has_prefix (atlas_lab_get_trace_problem (lab),
                        "the kernel refuses to let a program be traced: Operation not permitted"));
  driver_give (lab, "malloc a 1M");
  driver_free (lab);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!g_test_subprocess ())
    warm_up ();
  g_test_add_func ("/lab/fake/dies-at-once", test_dies_at_once);
  g_test_add_func ("/lab/fake/cannot-start", test_cannot_start);
  g_test_add_func ("/lab/fake/wrong-greeting", test_wrong_greeting);
  g_test_add_func ("/lab/fake/dies", test_dies);
  g_test_add_func ("/lab/fake/nonsense", test_nonsense);
  g_test_add_func ("/lab/fake/talks-unasked", test_talks_unasked);
  g_test_add_func ("/lab/fake/endless", test_endless);
  g_test_add_func ("/lab/fake/long-answer", test_long_answer);
  g_test_add_func ("/lab/fake/complains", test_complains);
  g_test_add_func ("/lab/fake/hangs", test_hangs);
  g_test_add_func ("/lab/fake/hangs-at-question", test_hangs_at_question);
  g_test_add_func ("/lab/fake/deaf", test_deaf);
  g_test_add_func ("/lab/fake/no-tracer", test_no_tracer);
  g_test_add_func ("/lab/fake/tracer-refused", test_tracer_refused);
  g_test_add_func ("/lab/fake/tracer-nonsense", test_tracer_nonsense);
  g_test_add_func ("/lab/fake/ptrace-forbidden", test_ptrace_forbidden);
  return g_test_run ();
}
