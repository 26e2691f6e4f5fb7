/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The client with the real subject under the real tracer, held against what the kernel says. */

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "atlas-snapshot.h"
#include "lab-driver.h"
#include "memory-oracle.h"

#define KIB G_GUINT64_CONSTANT (1024)

typedef struct
{
  AtlasLab *lab;
  gint pid;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->lab = driver_new ();
  driver_start (self->lab);
  g_assert_cmpstr (atlas_lab_get_trace_problem (self->lab), ==, NULL);
  self->pid = atlas_lab_get_pid (self->lab);
  g_assert_cmpint (self->pid, >, 0);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  driver_free (self->lab);
}

/* --- helpers --- */

static guint64
get_number (AtlasLabEvent *event, const char *name)
{
  guint64 number = 0;

  g_assert_true (atlas_lab_event_get_number (event, name, &number));
  return number;
}

static const AtlasLabCall *
find_call (AtlasLabEvent *event, const char *name)
{
  GPtrArray *calls = atlas_lab_event_get_calls (event);

  for (guint i = 0; i < calls->len; i++)
    {
      const AtlasLabCall *call = g_ptr_array_index (calls, i);

      if (strcmp (call->name, name) == 0)
        return call;
    }
  return NULL;
}

static const AtlasLabCall *
get_call (AtlasLabEvent *event, const char *name)
{
  const AtlasLabCall *call = find_call (event, name);

  g_assert (call != NULL);
  return call;
}

static AtlasLabAllocation *
find (Fixture *self, const char *id)
{
  AtlasLabAllocation *allocation = atlas_lab_find_allocation (self->lab, id);

  g_assert_nonnull (allocation);
  return allocation;
}

/* The counters that the test read itself, before and after, differ as the event says. */
static const AtlasCounter watched[] = { ATLAS_COUNTER_VM_SIZE, ATLAS_COUNTER_VM_RSS,
                                        ATLAS_COUNTER_VM_LCK, ATLAS_COUNTER_VM_DATA,
                                        ATLAS_COUNTER_RSS_ANON };

static AtlasLabEvent *
run_and_compare (Fixture *self, const char *command)
{
  guint64 before[G_N_ELEMENTS (watched)];
  AtlasLabEvent *event;

  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    before[i] = oracle_get_status (self->pid, atlas_counter_get_name (watched[i]));
  event = driver_do (self->lab, "%s", command);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    {
      const char *name = atlas_counter_get_name (watched[i]);
      gint64 change = (gint64) oracle_get_status (self->pid, name) - (gint64) before[i];

      g_test_message ("%s: %s %+" G_GINT64_FORMAT " kB", command, name, change);
      g_assert_cmpint (atlas_lab_event_get_change (event, watched[i]), ==, change);
    }
  return event;
}

/* --- allocating --- */

static void
assert_in_region (gint pid, guint64 address, guint64 length, const char *name)
{
  g_autoptr (GArray) regions = oracle_get_regions (pid);
  const OracleRegion *region = oracle_find (regions, address);

  g_assert_nonnull (region);
  g_assert_cmpuint (address + length, <=, region->end);
  g_assert_cmpstr (region->name, ==, name);
}

static void
test_brk (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) event = driver_do (self->lab, "malloc a 100K");
  AtlasLabAllocation *a = find (self, "a");
  guint64 address = get_number (event, "address");

  g_assert_cmpstr (atlas_lab_event_get_code (event), ==, "a = malloc (102400);");
  g_assert_cmpint (atlas_lab_event_get_how (event), ==, ATLAS_LAB_HOW_BRK);
  g_assert_nonnull (find_call (event, "brk"));
  g_assert_null (find_call (event, "mmap"));
  assert_in_region (self->pid, address, 102400, "[heap]");
  g_assert_cmpuint (atlas_lab_allocation_get_address (a), ==, address);
  g_assert_cmpuint (atlas_lab_allocation_get_requested (a), ==, 100 * KIB);
  g_assert_cmpuint (atlas_lab_allocation_get_usable (a), ==, get_number (event, "usable"));
  g_assert_cmpint (atlas_lab_allocation_get_how (a), ==, ATLAS_LAB_HOW_BRK);
  g_assert_cmpstr (atlas_lab_allocation_get_arena (a), ==, "main");
  g_assert_cmpuint (atlas_lab_allocation_get_n_pages (a), ==, 26);
}

/* The very address that mmap gave is where maps has it, and malloc's a header further. The first
 * call of malloc makes a heap whatever else it does. */
static void
test_mmap (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) first = driver_do (self->lab, "malloc first 1");
  g_autoptr (AtlasLabEvent) event = run_and_compare (self, "malloc b 256K");
  AtlasLabAllocation *b = find (self, "b");
  const AtlasLabCall *call = get_call (event, "mmap");
  g_autoptr (GArray) regions = NULL;
  guint64 result = 0;
  guint64 length = 0;

  g_assert_true (atlas_lab_call_get_result (call, &result));
  g_assert_true (atlas_lab_call_get_number (call, "length", &length));
  regions = oracle_get_regions (self->pid);
  g_assert_true (oracle_is_mapped (regions, result, result + length, "rw-p"));
  g_assert_cmpuint (get_number (event, "address"), ==, result + 16);
  g_assert_cmpint (atlas_lab_event_get_how (event), ==, ATLAS_LAB_HOW_MMAP);
  g_assert_cmpint (atlas_lab_allocation_get_how (b), ==, ATLAS_LAB_HOW_MMAP);
  g_assert_cmpuint (atlas_lab_allocation_get_start (b), ==, result);
  g_assert_cmpuint (atlas_lab_allocation_get_length (b), ==, length);
  g_assert_cmpint (atlas_lab_event_get_change (event, ATLAS_COUNTER_VM_SIZE), ==, 260);
}

/* The second one comes from what the heap already has. */
static void
test_none (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) first = driver_do (self->lab, "malloc a 10K");
  g_autoptr (AtlasLabEvent) second = driver_do (self->lab, "malloc b 10K");

  g_assert_cmpint (atlas_lab_event_get_how (first), ==, ATLAS_LAB_HOW_BRK);
  g_assert_cmpint (atlas_lab_event_get_how (second), ==, ATLAS_LAB_HOW_NONE);
  g_assert_cmpuint (atlas_lab_event_get_calls (second)->len, ==, 0);
  g_assert_cmpint (atlas_lab_allocation_get_how (find (self, "a")), ==, ATLAS_LAB_HOW_BRK);
  g_assert_cmpint (atlas_lab_allocation_get_how (find (self, "b")), ==, ATLAS_LAB_HOW_NONE);
}

/* What the C library calls for its reports: nothing. What the subject needs to read them is not
 * told as theirs, in the process, a thread and a fork of it alike. */
static void
test_reports (Fixture *self, gconstpointer data)
{
  static const char *const reports[] = { "malloc_info", "malloc_stats", "mallinfo" };
  static const char *const prefixes[] = { "", "thread t ", "child kid " };

  driver_give (self->lab, "thread start t");
  driver_give (self->lab, "fork kid");
  for (guint i = 0; i < G_N_ELEMENTS (reports) * G_N_ELEMENTS (prefixes); i++)
    {
      g_autofree char *command = g_strconcat (prefixes[i / G_N_ELEMENTS (reports)],
                                              reports[i % G_N_ELEMENTS (reports)], NULL);
      g_autoptr (AtlasLabEvent) event = driver_do (self->lab, "%s", command);

      g_test_message ("%s", command);
      g_assert_nonnull (atlas_lab_event_get_text (event));
      g_assert_cmpuint (atlas_lab_event_get_calls (event)->len, ==, 0);
    }
}

static void
test_touch (Fixture *self, gconstpointer data)
{
  driver_give (self->lab, "mmap m 64p");
  g_autoptr (AtlasLabEvent) event = run_and_compare (self, "touch m write from 8 to 24");
  AtlasLabAllocation *m = find (self, "m");

  g_assert_cmpuint (atlas_lab_allocation_get_resident (m), ==, 16);
  g_assert_cmpuint (oracle_count_present (self->pid, atlas_lab_allocation_get_start (m), 64), ==,
                    16);
  g_assert_cmpint (atlas_lab_event_get_change (event, ATLAS_COUNTER_VM_RSS), ==,
                   16 * (gint64) sysconf (_SC_PAGESIZE) / 1024);
  g_assert_cmpuint (atlas_lab_event_get_minor_faults (event), ==, 16);
  g_assert_cmpuint (atlas_lab_event_get_calls (event)->len, ==, 0);
  g_assert_cmpstr (atlas_lab_event_get_code (event), ==,
                   "for (size_t i = 8; i < 24; i++)\n  page (m, i)[0] = i % 127 + 1;");
}

/* Of what it tells, how many come before which; it is one call all the same. */
static void
test_mincore (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) event = NULL;

  driver_give (self->lab, "mmap a 16p");
  driver_give (self->lab, "touch a write from 4 to 6");
  event = driver_do (self->lab, "mincore a");
  g_assert_cmpstr (atlas_lab_event_get_field (event, "map"), ==, "4x0,2x1,10x0");
  g_assert_cmpuint (atlas_lab_event_get_calls (event)->len, ==, 1);
}

static void
test_free (Fixture *self, gconstpointer data)
{
  GListModel *model = atlas_lab_get_allocations (self->lab);
  g_autoptr (AtlasLabEvent) event = NULL;

  driver_give (self->lab, "malloc a 1M");
  driver_give (self->lab, "malloc b 2M");
  driver_give (self->lab, "malloc c 3M");
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 3);
  g_autoptr (AtlasLabAllocation) last = g_list_model_get_item (model, 2);
  event = run_and_compare (self, "free b");
  g_assert_nonnull (find_call (event, "munmap"));
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 2);
  g_assert_null (atlas_lab_find_allocation (self->lab, "b"));
  g_assert_true (atlas_lab_find_allocation (self->lab, "c") == last);
  /* the threshold has moved up to what was freed */
  g_assert_cmpuint (atlas_lab_get_mmap_threshold (self->lab), >, 2 * KIB * KIB);
  g_assert_true (atlas_lab_get_threshold_dynamic (self->lab));
}

static void
test_realloc (Fixture *self, gconstpointer data)
{
  driver_give (self->lab, "malloc a 1M");
  g_autoptr (AtlasLabEvent) event = driver_do (self->lab, "realloc a 4M");
  AtlasLabAllocation *a = find (self, "a");

  g_assert_nonnull (find_call (event, "mremap"));
  g_assert_cmpint (atlas_lab_event_get_how (event), ==, ATLAS_LAB_HOW_MMAP);
  g_assert_cmpint (atlas_lab_allocation_get_how (a), ==, ATLAS_LAB_HOW_MMAP);
  g_assert_cmpuint (atlas_lab_allocation_get_address (a), ==, get_number (event, "address"));
  g_assert_cmpuint (atlas_lab_allocation_get_requested (a), ==, 4096 * KIB);
}

/* A hole in a mapping leaves two of them. */
static void
test_hole (Fixture *self, gconstpointer data)
{
  driver_give (self->lab, "mmap m 10p");
  driver_give (self->lab, "munmap m from 2 to 5");
  g_assert_cmpuint (atlas_lab_allocation_get_n_pages (find (self, "m")), ==, 2);
  g_assert_cmpuint (atlas_lab_allocation_get_n_pages (find (self, "m.2")), ==, 5);
  g_assert_cmpint (atlas_lab_allocation_get_how (find (self, "m.2")), ==, ATLAS_LAB_HOW_MMAP);
}

static void
test_title (Fixture *self, gconstpointer data)
{
  g_autofree char *title = NULL;

  driver_give (self->lab, "malloc a 256K");
  title = atlas_lab_allocation_dup_title (find (self, "a"));
  g_assert_cmpstr (title, ==, "a · malloc 256 KiB");
}

/* --- locks and limits --- */

static void
test_lock (Fixture *self, gconstpointer data)
{
  AtlasLabAllocation *a, *b;

  driver_give (self->lab, "mmap a 8p");
  driver_give (self->lab, "mmap b 8p");
  g_autoptr (AtlasLabEvent) event = run_and_compare (self, "mlock a");
  a = find (self, "a");
  b = find (self, "b");
  g_assert_cmpint (atlas_lab_event_get_change (event, ATLAS_COUNTER_VM_LCK), ==, 32);
  g_assert_true (atlas_lab_allocation_get_locked (a));
  g_assert_false (atlas_lab_allocation_get_locked (b));
  driver_give (self->lab, "mlock b from 2 to 5");
  g_assert_cmpuint (atlas_lab_allocation_get_locked_pages (b), ==, 3);
  g_assert_false (atlas_lab_allocation_get_locked (b));
  driver_give (self->lab, "munlockall");
  g_assert_false (atlas_lab_allocation_get_locked (a));
  g_assert_cmpuint (atlas_lab_allocation_get_locked_pages (b), ==, 0);
}

/* The command is exactly one call, and that is seen. */
static void
test_dropcaps (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) event = driver_do (self->lab, "dropcaps");
  g_autofree char *status = oracle_read (self->pid, "status");

  g_assert_cmpuint (atlas_lab_event_get_calls (event)->len, ==, 1);
  g_assert_cmpstr (get_call (event, "capset")->text, ==,
                   "capset ({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, "
                   "{effective=0, permitted=0, inheritable=0})");
  g_assert_cmpstr (get_call (event, "capset")->result, ==, "0");
  g_assert_nonnull (strstr (status, "CapEff:\t0000000000000000\n"));
}

/* brk(2) says so by a result that is not what was asked for. */
static void
test_break_limit (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) failed = NULL;

  driver_give (self->lab, "setrlimit as 4M");
  failed = driver_run (self->lab, "sbrk a 64M");
  g_assert_false (atlas_lab_event_get_ok (failed));
  g_assert_cmpstr (atlas_lab_event_get_error_name (failed), ==, "ENOMEM");
  GPtrArray *calls = atlas_lab_event_get_calls (failed);
  const AtlasLabCall *last = g_ptr_array_index (calls, calls->len - 1);
  g_assert_cmpstr (last->name, ==, "brk");
  g_assert_true (last->failed);
  g_assert_cmpstr (last->error, ==, "ENOMEM");
}

/* What the kernel is asked is what the C line says, to the byte. */
static void
assert_locks (Fixture *self, const char *command, const char *call, guint64 address, guint64 length)
{
  g_autoptr (AtlasLabEvent) event = driver_do (self->lab, "%s", command);
  g_autofree char *code = g_strdup_printf ("%s (a, %" G_GUINT64_FORMAT, call, length);
  guint64 number;

  g_assert_true (g_str_has_prefix (atlas_lab_event_get_code (event), code));
  g_assert_true (atlas_lab_call_get_number (get_call (event, call), "addr", &number));
  g_assert_cmpuint (number, ==, address);
  g_assert_true (atlas_lab_call_get_number (get_call (event, call), "length", &number));
  g_assert_cmpuint (number, ==, length);
}

static void
test_lock_as_written (Fixture *self, gconstpointer data)
{
  guint64 address;

  driver_give (self->lab, "malloc a 256K");
  address = atlas_lab_allocation_get_address (find (self, "a"));
  assert_locks (self, "mlock a", "mlock", address, 256 * KIB);
  assert_locks (self, "munlock a", "munlock", address, 256 * KIB);
  assert_locks (self, "mlock a onfault", "mlock2", address, 256 * KIB);
}

/* Also by root: it has no right to lock more here, see main(). */
static void
test_lock_limit (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) limit = driver_do (self->lab, "setrlimit memlock 64K 64K");
  g_autoptr (AtlasLabEvent) failed = NULL;
  const AtlasLabCall *call;
  const AtlasLimit *before, *after;

  g_assert (atlas_lab_event_get_limits_before (limit) != NULL);
  before = atlas_limits_find (atlas_lab_event_get_limits_before (limit), "memlock");
  after = atlas_limits_find (atlas_lab_event_get_limits_after (limit), "memlock");
  g_assert_cmpuint (before->soft, !=, 64 * KIB);
  g_assert_cmpuint (after->soft, ==, 64 * KIB);
  driver_give (self->lab, "mmap m 1M");
  failed = driver_run (self->lab, "mlock m");
  g_assert_false (atlas_lab_event_get_ok (failed));
  g_assert_false (atlas_lab_event_is_refused (failed));
  g_assert_cmpstr (atlas_lab_event_get_error_name (failed), ==, "ENOMEM");
  g_assert_cmpstr (atlas_lab_event_get_error_text (failed), ==, "mlock: Cannot allocate memory");
  g_assert_null (atlas_lab_event_get_limits_before (failed));
  after = atlas_limits_find (atlas_lab_event_get_limits_after (failed), "memlock");
  g_assert_cmpuint (after->soft, ==, 64 * KIB);
  call = get_call (failed, "mlock");
  g_assert_true (call->failed);
  g_assert_cmpstr (call->result, ==, "\u22121 ENOMEM");
  g_assert_cmpuint (oracle_get_status (self->pid, "VmLck"), ==, 0);
}

static void
test_address_space (void)
{
  AtlasLab *lab = driver_new ();
  g_autoptr (AtlasLabEvent) failed = NULL;
  g_autofree char *limits = NULL;

  atlas_lab_set_address_space (lab, 100 * KIB * KIB);
  driver_start (lab);
  failed = driver_run (lab, "malloc a 200M");
  g_assert_cmpstr (atlas_lab_event_get_error_name (failed), ==, "ENOMEM");
  g_assert_cmpint (atlas_lab_event_get_how (failed), ==, ATLAS_LAB_HOW_UNKNOWN);
  limits = oracle_read (atlas_lab_get_pid (lab), "limits");
  g_assert_nonnull (strstr (limits, "Max address space         104857600"));
  driver_free (lab);
}

/* --- protection --- */

/* It is no guard of anything, and what is in it stays in memory. */
static void
test_no_access (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasTarget) target = atlas_target_new (driver_get_procfs (), self->pid, &error);
  g_autoptr (AtlasLabEvent) event = driver_do (self->lab, "mmap a 1M");
  guint64 address = get_number (event, "address");
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autofree char *title = NULL;
  const AtlasRegion *region;
  guint index;

  driver_give (self->lab, "touch a write");
  driver_give (self->lab, "mprotect a none");
  g_assert_cmpuint (oracle_count_present (self->pid, address, 256), ==, 256);
  snapshot = atlas_snapshot_take (target, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (atlas_snapshot_find (snapshot, address, &index));
  region = atlas_snapshot_get_region (snapshot, index);
  title = atlas_region_dup_title (region);
  g_assert_cmpstr (title, ==, "no access");
  g_assert_cmpstr (atlas_kind_get_title (region->kind), ==, "No access");
  g_assert_nonnull (strstr (atlas_kind_get_explanation (region->kind), "mprotect"));
  g_assert_null (strstr (atlas_kind_get_explanation (region->kind), "takes no memory"));
}

static AtlasKind
take_kind (AtlasTarget *target, guint64 address, AtlasSnapshot **previous)
{
  g_autoptr (GError) error = NULL;
  AtlasSnapshot *snapshot = atlas_snapshot_take (target, *previous, NULL, NULL, &error);
  guint index;

  g_assert_no_error (error);
  g_clear_pointer (previous, atlas_snapshot_unref);
  *previous = snapshot;
  g_assert_true (atlas_snapshot_find (snapshot, address, &index));
  return atlas_snapshot_get_region (snapshot, index)->kind;
}

/* What is right above something without access looks like a thread's stack. Only where there are
 * threads it is taken for one, and the stack that one leaves behind is none until another has it,
 * which no line of maps tells. */
static void
test_stack (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasTarget) target = atlas_target_new (driver_get_procfs (), self->pid, NULL);
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (AtlasLabThread) thread = NULL;
  guint64 above, stack;

  {
    g_autoptr (AtlasLabEvent) event = driver_do (self->lab, "mmap a 320K");

    above = get_number (event, "address") + 64 * 1024;
  }
  driver_give (self->lab, "mprotect a none from 0 to 16");
  g_assert_cmpint (take_kind (target, above, &snapshot), ==, ATLAS_KIND_ANONYMOUS);

  driver_give (self->lab, "thread start t");
  thread = g_list_model_get_item (atlas_lab_get_threads (self->lab), 0);
  stack = atlas_lab_thread_get_stack (thread);
  g_assert_cmpint (take_kind (target, stack, &snapshot), ==, ATLAS_KIND_THREAD_STACK);
  driver_give (self->lab, "thread stop t");
  g_assert_cmpint (take_kind (target, stack, &snapshot), ==, ATLAS_KIND_ANONYMOUS);
  driver_give (self->lab, "thread start t");
  g_assert_cmpint (take_kind (target, stack, &snapshot), ==, ATLAS_KIND_THREAD_STACK);
}

/* --- signals --- */

static void
test_segv (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) event = NULL;
  const AtlasLabCall *signal;

  driver_give (self->lab, "mmap m 1p prot=none");
  event = driver_run (self->lab, "touch m read");
  g_assert_cmpstr (atlas_lab_event_get_error_name (event), ==, "SIGSEGV");
  g_assert_null (atlas_lab_event_get_ending (event));
  signal = get_call (event, "SIGSEGV");
  g_assert_cmpint (signal->kind, ==, ATLAS_LAB_CALL_SIGNAL);
  g_assert_true (g_str_has_prefix (signal->text, "SIGSEGV (SEGV_ACCERR) at 0x"));
  g_assert_cmpint (atlas_lab_get_state (self->lab), ==, ATLAS_LAB_READY);
}

static gboolean
is_held (gpointer data)
{
  g_autofree char *status = oracle_read (GPOINTER_TO_INT (data), "status");

  return strstr (status, "State:\tt (tracing stop)") != NULL;
}

/* Stopped by a signal, a traced process is held by who traces it, which is no debugger. */
static void
test_stopped (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasTarget) target = atlas_target_new (driver_get_procfs (), self->pid, &error);
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  g_assert_no_error (error);
  kill (self->pid, SIGSTOP);
  driver_wait (is_held, GINT_TO_POINTER (self->pid));
  snapshot = atlas_snapshot_take (target, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (atlas_snapshot_get_tracer (snapshot), ==, "memory-atlas-trace");
  g_clear_pointer (&snapshot, atlas_snapshot_unref);

  kill (self->pid, SIGCONT);
  driver_give (self->lab, "malloc a 1K");
  snapshot = atlas_snapshot_take (target, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (atlas_snapshot_get_tracer (snapshot), ==, NULL);
}

/* --- threads and forks --- */

static void
test_thread (Fixture *self, gconstpointer data)
{
  GListModel *threads = atlas_lab_get_threads (self->lab);
  g_autoptr (AtlasLabThread) thread = NULL;
  g_autoptr (AtlasLabEvent) event = NULL;
  g_autofree char *path = NULL;

  driver_give (self->lab, "thread start t");
  g_assert_cmpuint (g_list_model_get_n_items (threads), ==, 1);
  thread = g_list_model_get_item (threads, 0);
  g_assert_cmpstr (atlas_lab_thread_get_name (thread), ==, "t");
  path = g_strdup_printf ("/proc/%d/task/%d", self->pid, atlas_lab_thread_get_tid (thread));
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));
  event = driver_do (self->lab, "thread t malloc c 100K");
  g_assert_cmpstr (atlas_lab_event_get_thread (event), ==, "t");
  g_assert_cmpint (atlas_lab_event_get_how (event), ==, ATLAS_LAB_HOW_ARENA);
  g_assert_cmpint (atlas_lab_allocation_get_how (find (self, "c")), ==, ATLAS_LAB_HOW_ARENA);
  g_assert_true (g_str_has_prefix (atlas_lab_allocation_get_arena (find (self, "c")), "0x"));
  g_assert_cmpint (((AtlasLabCall *) atlas_lab_event_get_calls (event)->pdata[0])->tid, ==,
                   atlas_lab_thread_get_tid (thread));
  driver_give (self->lab, "thread stop t");
  g_assert_cmpuint (g_list_model_get_n_items (threads), ==, 0);
}

static void
test_fork (Fixture *self, gconstpointer data)
{
  GListModel *processes = atlas_lab_get_processes (self->lab);
  g_autoptr (AtlasLabEvent) event = NULL;
  g_autoptr (AtlasLabProcess) kid = NULL;
  gint pid;

  driver_give (self->lab, "malloc a 1M");
  event = driver_do (self->lab, "fork kid");
  g_assert_nonnull (find_call (event, "fork"));
  g_assert_cmpuint (g_list_model_get_n_items (processes), ==, 2);
  kid = g_list_model_get_item (processes, 1);
  pid = atlas_lab_process_get_pid (kid);
  g_assert_cmpstr (atlas_lab_process_get_name (kid), ==, "kid");
  g_assert_cmpuint (get_number (event, "pid"), ==, (guint64) pid);
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_process_get_allocations (kid)), ==, 1);

  /* commands go to the one that is chosen */
  g_assert_true (atlas_lab_set_process (self->lab, "kid"));
  g_assert_cmpint (atlas_lab_get_selected_pid (self->lab), ==, pid);
  driver_wait_for_state (self->lab, ATLAS_LAB_READY);
  g_clear_object (&event);
  event = driver_do (self->lab, "touch a write");
  g_assert_cmpstr (atlas_lab_event_get_command (event), ==, "child kid touch a write");
  g_assert_cmpstr (atlas_lab_event_get_process (event), ==, "kid");
  g_assert_cmpint (atlas_lab_event_get_pid (event), ==, pid);
  g_assert_cmpint (atlas_lab_event_get_change (event, ATLAS_COUNTER_VM_RSS), >=, 1024);
  g_assert_cmpint (atlas_lab_allocation_get_how (find (self, "a")), ==, ATLAS_LAB_HOW_MMAP);
  g_assert_cmpuint (atlas_lab_allocation_get_resident (find (self, "a")), ==, 257);
  driver_give (self->lab, "free a");
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_allocations (self->lab)), ==, 0);
  g_assert_true (atlas_lab_set_process (self->lab, ""));
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_allocations (self->lab)), ==, 1);
  g_assert_false (atlas_lab_set_process (self->lab, "nobody"));
}

static void
test_grandchild (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) event = NULL;

  driver_give (self->lab, "fork kid");
  driver_give (self->lab, "child kid fork x");
  g_assert_true (atlas_lab_set_process (self->lab, "kid/x"));
  driver_wait_for_state (self->lab, ATLAS_LAB_READY);
  event = driver_do (self->lab, "malloc d 300K");
  g_assert_cmpstr (atlas_lab_event_get_command (event), ==, "child kid child x malloc d 300K");
  g_assert_cmpint (atlas_lab_event_get_pid (event), ==, atlas_lab_get_selected_pid (self->lab));
  g_assert_cmpint (atlas_lab_allocation_get_how (find (self, "d")), ==, ATLAS_LAB_HOW_MMAP);

  /* with its parent, it goes too */
  g_assert_true (atlas_lab_set_process (self->lab, ""));
  driver_give (self->lab, "child kid exit");
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_processes (self->lab)), ==, 1);
}

static gboolean
has_one_process (gpointer lab)
{
  return g_list_model_get_n_items (atlas_lab_get_processes (lab)) == 1;
}

/* Killed from outside while nothing is done: the one chosen is the first again. */
static void
test_fork_killed (Fixture *self, gconstpointer data)
{
  driver_give (self->lab, "fork kid");
  g_assert_true (atlas_lab_set_process (self->lab, "kid"));
  driver_wait_for_state (self->lab, ATLAS_LAB_READY);
  kill (atlas_lab_get_selected_pid (self->lab), SIGKILL);
  driver_wait (has_one_process, self->lab);
  g_assert_cmpstr (atlas_lab_get_process (self->lab), ==, "");
  driver_wait_for_state (self->lab, ATLAS_LAB_READY);
  driver_give (self->lab, "malloc a 1K");
}

/* --- the end --- */

static void
test_exit (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) event = driver_do (self->lab, "exit 3");
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (atlas_lab_event_get_ending (event), ==, "ended with status 3");
  g_assert_cmpint (atlas_lab_get_state (self->lab), ==, ATLAS_LAB_ENDED);
  g_assert_cmpstr (atlas_lab_get_ending (self->lab), ==, "ended with status 3");
  error = driver_run_failing (self->lab, "malloc a 1K");
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_killed (Fixture *self, gconstpointer data)
{
  kill (self->pid, SIGKILL);
  driver_wait_for_state (self->lab, ATLAS_LAB_ENDED);
  g_assert_cmpstr (atlas_lab_get_ending (self->lab), ==, "killed by SIGKILL");
  /* and again */
  driver_start (self->lab);
  g_assert_cmpint (atlas_lab_get_pid (self->lab), !=, self->pid);
  g_assert_null (atlas_lab_get_ending (self->lab));
  driver_give (self->lab, "malloc a 1K");
}

static void
test_fatal_signal (Fixture *self, gconstpointer data)
{
  g_autofree char *ending =
      g_strdup_printf ("killed by SIGSEGV, which process %d sent", (gint) getpid ());

  kill (self->pid, SIGSEGV);
  driver_wait_for_state (self->lab, ATLAS_LAB_ENDED);
  g_assert_cmpstr (atlas_lab_get_ending (self->lab), ==, ending);
}

static gint
read_parent (gint pid)
{
  g_autofree char *status = oracle_read (pid, "status");
  const char *line = strstr (status, "\nPPid:\t");

  g_assert_nonnull (line);
  return (gint) g_ascii_strtoll (line + strlen ("\nPPid:\t"), NULL, 10);
}

static void
test_tracer_killed (Fixture *self, gconstpointer data)
{
  kill (read_parent (self->pid), SIGKILL);
  driver_wait_for_state (self->lab, ATLAS_LAB_ENDED);
  g_assert_cmpstr (atlas_lab_get_ending (self->lab), ==,
                   "ended with its tracer, which was killed by SIGKILL");
  driver_wait_for_end (self->pid);
}

/* --- starting, stopping, queueing --- */

static void
count_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  guint *counts = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasLabEvent) event = atlas_lab_run_finish (ATLAS_LAB (source), result, &error);

  if (event != NULL)
    counts[0]++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    counts[1]++;
}

static gboolean
are_six (gpointer user_data)
{
  const guint *counts = user_data;

  return counts[0] + counts[1] == 6;
}

static void
done_cb (AtlasLab *lab, AtlasLabEvent *event, GString *ids)
{
  g_string_append (ids, atlas_lab_event_get_command (event) + strlen ("malloc "));
  g_string_append_c (ids, '.');
}

/* Given while it starts, all in one: done in order. */
static void
test_queue (void)
{
  AtlasLab *lab = driver_new ();
  guint counts[2] = { 0, 0 };
  g_autoptr (GString) done = g_string_new (NULL);

  g_signal_connect (lab, "done", G_CALLBACK (done_cb), done);
  atlas_lab_start (lab);
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *command = g_strdup_printf ("malloc m%u %u", i, i + 1);

      atlas_lab_run (lab, command, count_cb, counts);
    }
  driver_wait (are_six, counts);
  g_assert_cmpuint (counts[0], ==, 6);
  g_assert_cmpstr (done->str, ==, "m0 1.m1 2.m2 3.m3 4.m4 5.m5 6.");
  driver_wait_for_state (lab, ATLAS_LAB_READY);
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_events (lab)), ==, 6);
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_allocations (lab)), ==, 6);
  driver_free (lab);
}

static void
test_restart (Fixture *self, gconstpointer data)
{
  guint counts[2] = { 0, 0 };

  driver_give (self->lab, "malloc a 1M");
  for (guint i = 0; i < 6; i++)
    atlas_lab_run (self->lab, "touch a write", count_cb, counts);
  atlas_lab_start (self->lab);
  driver_wait (are_six, counts);
  g_assert_cmpuint (counts[1], ==, 6);
  driver_wait_for_state (self->lab, ATLAS_LAB_READY);
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_events (self->lab)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_allocations (self->lab)), ==, 0);
  driver_wait_for_end (self->pid);
}

static void
test_stop (Fixture *self, gconstpointer data)
{
  g_autofree char *script = NULL;

  driver_give (self->lab, "malloc a 1M");
  driver_give (self->lab, "fork kid");
  atlas_lab_stop (self->lab);
  g_assert_cmpint (atlas_lab_get_state (self->lab), ==, ATLAS_LAB_STOPPED);
  g_assert_cmpint (atlas_lab_get_pid (self->lab), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_processes (self->lab)), ==, 0);
  script = atlas_lab_dup_script (self->lab);
  g_assert_nonnull (strstr (script, "\nmalloc a 1M\nfork kid\n"));
}

static guint n_descriptors_before, n_children_before;

/* The main loop closes some things a little later. */
static gboolean
is_all_gone (gpointer data)
{
  return driver_count_descriptors () <= n_descriptors_before
         && driver_count_children () <= n_children_before;
}

static void
count_before (void)
{
  n_descriptors_before = driver_count_descriptors ();
  n_children_before = driver_count_children ();
}

static void
start_and_end (void)
{
  AtlasLab *lab = driver_new ();
  gint pids[2];

  driver_start (lab);
  driver_give (lab, "malloc a 1M");
  driver_give (lab, "fork kid");
  pids[0] = atlas_lab_get_pid (lab);
  g_assert_true (atlas_lab_set_process (lab, "kid"));
  pids[1] = atlas_lab_get_selected_pid (lab);
  atlas_lab_run (lab, "touch a write", NULL, NULL);
  driver_free (lab);
  driver_wait_for_end (pids[0]);
  driver_wait_for_end (pids[1]);
}

/* Twenty times, with forks and without an orderly end: no descriptor and no process is left. */
static void
test_leaks (void)
{
  start_and_end ();
  while (g_main_context_iteration (NULL, FALSE))
    ;
  count_before ();
  for (guint i = 0; i < 20; i++)
    start_and_end ();
  driver_wait (is_all_gone, NULL);
}

/* Without atlas_lab_stop(). */
static void
test_unref (void)
{
  AtlasLab *lab = driver_new ();
  gint pid;

  count_before ();
  driver_start (lab);
  pid = atlas_lab_get_pid (lab);
  g_assert_finalize_object (lab);
  driver_wait_for_end (pid);
  driver_wait (is_all_gone, NULL);
}

/* --- lines --- */

static void
test_wrong_lines (Fixture *self, gconstpointer data)
{
  static const char *const lines[] = { "", "  ", "# a", "malloc a 1K\nmalloc b 1K", "\377" };
  g_autofree char *long_line = g_strnfill (5000, 'a');
  g_autoptr (AtlasLabEvent) event = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = driver_run_failing (self->lab, lines[i]);

      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
  g_autoptr (GError) error = driver_run_failing (self->lab, long_line);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  event = driver_run (self->lab, "bogus a b");
  g_assert_true (atlas_lab_event_is_refused (event));
  g_assert_cmpstr (atlas_lab_event_get_code (event), ==, "");
  g_clear_object (&event);
  event = driver_run (self->lab, "malloc \"a");
  g_assert_true (atlas_lab_event_is_refused (event));
  driver_give (self->lab, "malloc a 1K");
}

static void
test_text (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) event = driver_do (self->lab, "help malloc");

  g_assert_true (g_str_has_prefix (atlas_lab_event_get_text (event), "malloc ID SIZE: "));
  g_assert_cmpstr (atlas_lab_event_get_code (event), ==, "");
}

/* --- scripts --- */

static void
test_script (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint line = 99;

  g_assert_true (driver_run_script (self->lab,
                                    "# a script\n\nmalloc a 100K\n  touch a write\r\nmlock a\n"
                                    "setrlimit memlock 4K\nmmap m 1M\nmlock m\nfree a\n",
                                    &line, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (line, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_events (self->lab)), ==, 7);
}

/* A byte order mark and ends of lines as other systems write them; what was done is told without.
 */
static void
test_script_foreign (Fixture *self, gconstpointer data)
{
  static const char *const commands[] = { "malloc a 100K", "touch a write", "free a" };
  GListModel *events = atlas_lab_get_events (self->lab);
  g_autoptr (GError) error = NULL;

  driver_run_script (self->lab,
                     "\xef\xbb\xbfmalloc a 100K\r\n\r\n# a comment\r\ntouch a write\r\nfree a\r\n",
                     NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (events), ==, G_N_ELEMENTS (commands));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (AtlasLabEvent) event = g_list_model_get_item (events, i);

      g_assert_cmpstr (atlas_lab_event_get_command (event), ==, commands[i]);
    }
}

static void
assert_script_fails (Fixture *self, const char *text, guint wrong, const char *message)
{
  g_autoptr (GError) error = NULL;
  guint line = 0;

  g_assert_false (driver_run_script (self->lab, text, &line, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_cmpuint (line, ==, wrong);
}

/* What is wrong by itself is found before anything is done. */
static void
test_script_wrong (Fixture *self, gconstpointer data)
{
  GListModel *events = atlas_lab_get_events (self->lab);

  assert_script_fails (self, "malloc a 1K\n\nbogus\n", 3, "Line 3: no command is called “bogus”");
  assert_script_fails (self, "malloc a 1K\nmalloc b\n", 2,
                       "Line 2: there is something missing behind “malloc”");
  assert_script_fails (self, "thread t bogus", 1, "Line 1: no command is called “bogus”");
  g_assert_cmpuint (g_list_model_get_n_items (events), ==, 0);
  assert_script_fails (self, "malloc a 1K\nfree b\nmalloc c 1K\nmalloc d 1K\n", 2,
                       "Line 2: free: no allocation is called \"b\"");
  driver_wait_for_state (self->lab, ATLAS_LAB_READY);
  g_assert_cmpuint (g_list_model_get_n_items (events), ==, 2);
  g_assert_null (atlas_lab_find_allocation (self->lab, "c"));
}

static void
test_script_end (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (driver_run_script (self->lab, "malloc a 1K\nexit\nmalloc b 1K\n", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpstr (error->message, ==, "Line 3: ended by itself");
}

/* What it says was done can be done again. */
static void
test_script_again (Fixture *self, gconstpointer data)
{
  g_autofree char *script = NULL;
  g_autofree char *again = NULL;
  g_autoptr (AtlasLabEvent) refused = NULL;
  g_autoptr (GError) error = NULL;

  driver_give (self->lab, "malloc a 100K");
  refused = driver_run (self->lab, "free zz");
  driver_give (self->lab, "fork kid");
  g_assert_true (atlas_lab_set_process (self->lab, "kid"));
  driver_give (self->lab, "touch a write");
  script = atlas_lab_dup_script (self->lab);
  g_assert_cmpstr (script, ==,
                   "# Commands of the lab of Memory Atlas.\nmalloc a 100K\n# refused: free zz\n"
                   "fork kid\nchild kid touch a write\n");
  atlas_lab_start (self->lab);
  g_assert_true (driver_run_script (self->lab, script, NULL, &error));
  g_assert_no_error (error);
  again = atlas_lab_dup_script (self->lab);
  g_assert_null (strstr (again, "refused"));
}

/* Root may lock what it likes, which would leave nothing to see; and so would it in what is started
 * here, had it not given up that right. */
static void
give_up_locking (void)
{
  prctl (PR_CAPBSET_DROP, 14 /* CAP_IPC_LOCK */, 0, 0, 0);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/lab/client/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  give_up_locking ();
  ADD ("brk", test_brk);
  ADD ("mmap", test_mmap);
  ADD ("none", test_none);
  ADD ("reports", test_reports);
  ADD ("touch", test_touch);
  ADD ("mincore", test_mincore);
  ADD ("free", test_free);
  ADD ("realloc", test_realloc);
  ADD ("hole", test_hole);
  ADD ("title", test_title);
  ADD ("lock", test_lock);
  ADD ("dropcaps", test_dropcaps);
  ADD ("break-limit", test_break_limit);
  ADD ("lock-as-written", test_lock_as_written);
  ADD ("lock-limit", test_lock_limit);
  g_test_add_func ("/lab/client/address-space", test_address_space);
  ADD ("no-access", test_no_access);
  ADD ("stack", test_stack);
  ADD ("segv", test_segv);
  ADD ("stopped", test_stopped);
  ADD ("thread", test_thread);
  ADD ("fork", test_fork);
  ADD ("grandchild", test_grandchild);
  ADD ("fork-killed", test_fork_killed);
  ADD ("exit", test_exit);
  ADD ("killed", test_killed);
  ADD ("fatal-signal", test_fatal_signal);
  ADD ("tracer-killed", test_tracer_killed);
  g_test_add_func ("/lab/client/queue", test_queue);
  ADD ("restart", test_restart);
  ADD ("stop", test_stop);
  g_test_add_func ("/lab/client/leaks", test_leaks);
  g_test_add_func ("/lab/client/unref", test_unref);
  ADD ("wrong-lines", test_wrong_lines);
  ADD ("text", test_text);
  ADD ("script", test_script);
  ADD ("script-foreign", test_script_foreign);
  ADD ("script-wrong", test_script_wrong);
  ADD ("script-end", test_script_end);
  ADD ("script-again", test_script_again);
  return g_test_run ();
}
