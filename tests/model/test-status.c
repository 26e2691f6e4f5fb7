/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing status: names with escapes, missing and unknown lines, numbers that are none. Whole
 * recorded files are read by test-fixtures. */

#include "atlas-error.h"
#include "atlas-status.h"

#include <string.h>

#define HEAD "Name:\tdemo\nState:\tS (sleeping)\nTgid:\t12\n"

static void
parse (const char *text, AtlasStatus *status)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (atlas_status_parse (text, strlen (text), status, &error));
  g_assert_no_error (error);
}

static void
test_names (void)
{
  static const struct
  {
    const char *escaped, *name;
  } cases[] = {
    { "bash", "bash" },
    { "", "" },
    { "a\\nb", "a\nb" },
    { "back\\\\slash", "back\\slash" },
    { "\\\\n", "\\n" },
    { "ends in \\", "ends in \\" },
    { "other \\x", "other \\x" },
    { "kworker/R-events_unbound_with_a_long_name", "kworker/R-events_unbound_with_a_long_name" },
    { "a) R 1 kB", "a) R 1 kB" },
    { "VmSize:\t 1 kB", "VmSize:\t 1 kB" },
    { "\377\033", "\377\033" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (AtlasStatus) status = { 0 };
      g_autofree char *text =
          g_strdup_printf ("Name:\t%s\nState:\tR (running)\nTgid:\t7\n", cases[i].escaped);
      parse (text, &status);
      g_assert_cmpstr (status.name, ==, cases[i].name);
      g_assert_cmpuint (status.present, ==, 0);
    }
}

static void
test_fields (void)
{
  g_auto (AtlasStatus) status = { 0 };

  parse (HEAD "Pid:\t13\nPPid:\t4\nUid:\t1000\t0\t0\t0\nVmPeak:\t  2048 kB\nVmSize:\t  1024 kB\n"
              "VmRSS:\t18014398509481983 kB\nThreads:\t42\nTracerPid:\t99\nKthread:\t0",
         &status);
  g_assert_cmpint (status.state, ==, 'S');
  g_assert_cmpint (status.pid, ==, 12);
  g_assert_cmpint (status.parent, ==, 4);
  g_assert_cmpint (status.tracer, ==, 99);
  g_assert_cmpuint (status.uid, ==, 1000);
  g_assert_cmpuint (status.threads, ==, 42);
  g_assert_true (status.has_memory);
  g_assert_false (status.kernel_thread);
  g_assert_true (atlas_status_has (&status, ATLAS_COUNTER_VM_PEAK));
  g_assert_false (atlas_status_has (&status, ATLAS_COUNTER_VM_SWAP));
  g_assert_cmpuint (status.kb[ATLAS_COUNTER_VM_PEAK], ==, 2048);
  g_assert_cmpuint (status.kb[ATLAS_COUNTER_VM_RSS], ==, G_GUINT64_CONSTANT (18014398509481983));
}

/* Without the line of newer kernels it follows from what is missing. */
static void
test_kernel_threads (void)
{
  static const struct
  {
    const char *text;
    gboolean kernel_thread;
  } cases[] = {
    { HEAD "Kthread:\t1\n", TRUE },
    { HEAD "Kthread:\t0\n", FALSE },
    { HEAD, TRUE },
    { HEAD "VmSize:\t4 kB\n", FALSE },
    { "Name:\tdemo\nState:\tZ (zombie)\nTgid:\t12\n", FALSE },
    { "Name:\tdemo\nState:\tX (dead)\nTgid:\t12\n", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (AtlasStatus) status = { 0 };
      parse (cases[i].text, &status);
      g_assert_cmpint (status.kernel_thread, ==, cases[i].kernel_thread);
    }
}

static void
test_unknown (void)
{
  g_auto (AtlasStatus) status = { 0 };
  g_auto (AtlasStatus) copy = { 0 };

  parse (HEAD "VmNew:\t 12 kB\nOther:\t5 kB\nTiers:\t1 2\nVmSize:\t 4 kB\n", &status);
  atlas_status_copy (&status, &copy);
  atlas_status_clear (&status);
  g_assert_null (status.name);
  g_assert_cmpuint (copy.n_unknown, ==, 2);
  g_assert_cmpstr (copy.unknown[0].name, ==, "VmNew");
  g_assert_cmpuint (copy.unknown[0].kb, ==, 12);
  g_assert_cmpstr (copy.unknown[1].name, ==, "Other");
  g_assert_cmpstr (copy.name, ==, "demo");
}

static void
test_malformed (void)
{
  static const char *const texts[] = {
    "",
    "\n",
    "Name:\tdemo\n",
    "Name:\tdemo\nState:\tS\n",
    "State:\tS\nTgid:\t1\n",
    "Name:\tdemo\nState:\t\nTgid:\t1\n",
    "Name:\tdemo\nState:\tS\nTgid:\tmany\n",
    "Name:\tdemo\nState:\tS\nTgid:\t99999999999\n",
    HEAD "VmSize:\tmuch kB\n",
    HEAD "VmSize:\t12 MB\n",
    HEAD "VmSize:\t12\n",
    HEAD "VmSize:\t-12 kB\n",
    HEAD "VmSize:\t99999999999999999999 kB\n",
    HEAD "Uid:\troot\n",
    HEAD "no colon here\n",
    "VmNew:\t1 kB\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      static const AtlasStatus zero;
      g_autoptr (GError) error = NULL;
      AtlasStatus status;
      memset (&status, 0xff, sizeof status);
      g_assert_false (atlas_status_parse (texts[i], strlen (texts[i]), &status, &error));
      g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED);
      g_assert_cmpmem (&status, sizeof status, &zero, sizeof zero);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/status/names", test_names);
  g_test_add_func ("/model/status/fields", test_fields);
  g_test_add_func ("/model/status/kernel-threads", test_kernel_threads);
  g_test_add_func ("/model/status/unknown", test_unknown);
  g_test_add_func ("/model/status/malformed", test_malformed);
  return g_test_run ();
}
