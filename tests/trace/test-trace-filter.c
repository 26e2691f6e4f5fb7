/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The filter, run here by the rules of classic BPF, as the kernel would for a call: also for calls
 * that this machine cannot make. */

#include <glib.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/syscall.h>

#include "atlas-trace-filter.h"

static AtlasTraceFilter filter;
static gboolean has_read_arguments;

static guint32
load (const struct seccomp_data *data, guint32 offset)
{
  guint32 word;

  g_assert_cmpuint (offset % 4, ==, 0);
  g_assert_cmpuint (offset, <=, sizeof *data - 4);
  has_read_arguments |= offset >= offsetof (struct seccomp_data, args);
  memcpy (&word, (const char *) data + offset, sizeof word);
  return word;
}

/* What the filter says of the call @data. */
static guint32
run (const struct seccomp_data *data)
{
  guint32 accumulator = 0;

  has_read_arguments = FALSE;
  for (guint i = 0; i < filter.length; i++)
    {
      const struct sock_filter *statement = &filter.statements[i];

      switch (statement->code)
        {
        case BPF_LD | BPF_W | BPF_ABS:
          accumulator = load (data, statement->k);
          break;
        case BPF_JMP | BPF_JEQ | BPF_K:
          i += accumulator == statement->k ? statement->jt : statement->jf;
          break;
        case BPF_RET | BPF_K:
          return statement->k;
        default:
          g_error ("statement %u is unknown", i);
        }
    }
  g_error ("it ran beyond its end");
}

static guint32
ask (guint32 architecture, int number, guint64 third)
{
  struct seccomp_data data = { .nr = number, .arch = architecture };

  data.args[2] = third;
  return run (&data);
}

/* Each of the table and no other. */
static void
test_native (void)
{
  for (int number = 0; number < 1024; number++)
    {
      gboolean is_traced = FALSE;

      for (gsize i = 0; i < atlas_trace_n_calls; i++)
        is_traced = is_traced || atlas_trace_calls[i].number == number;
      g_assert_cmphex (ask (ATLAS_TRACE_ARCHITECTURE, number, 1), ==,
                       is_traced ? SECCOMP_RET_TRACE : SECCOMP_RET_ALLOW);
      g_assert_cmpint (atlas_trace_call_find ((guint64) number) != NULL, ==, is_traced);
    }
  g_assert_cmphex (ask (ATLAS_TRACE_ARCHITECTURE, -1, 1), ==, SECCOMP_RET_ALLOW);
  g_assert_null (atlas_trace_call_find (G_MAXUINT64));
}

/* Whoever only asks for a limit passes null. */
static void
test_limits (void)
{
  g_assert_cmphex (ask (ATLAS_TRACE_ARCHITECTURE, SYS_prlimit64, 0), ==, SECCOMP_RET_ALLOW);
  g_assert_cmphex (ask (ATLAS_TRACE_ARCHITECTURE, SYS_prlimit64, 1), ==, SECCOMP_RET_TRACE);
  g_assert_cmphex (ask (ATLAS_TRACE_ARCHITECTURE, SYS_prlimit64, G_GUINT64_CONSTANT (1) << 40), ==,
                   SECCOMP_RET_TRACE);
  g_assert_cmphex (ask (ATLAS_TRACE_ARCHITECTURE, SYS_prlimit64, 0xffffffff), ==,
                   SECCOMP_RET_TRACE);
}

static void
test_foreign (void)
{
  static const guint32 others[] = { AUDIT_ARCH_I386, AUDIT_ARCH_ARM, AUDIT_ARCH_PPC64, 0 };

  for (int number = 0; number < 1024; number++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (others); i++)
        g_assert_cmphex (ask (others[i], number, 1), ==, SECCOMP_RET_ALLOW);
      /* x32 */
      g_assert_cmphex (ask (ATLAS_TRACE_ARCHITECTURE, number | 0x40000000, 1), ==,
                       SECCOMP_RET_ALLOW);
    }
}

/* The kernel remembers the answer (seccomp_is_const_allow) where nothing but the number and the
 * architecture was looked at. */
static void
test_cheap (void)
{
  for (int number = 0; number < 1024; number++)
    {
      ask (ATLAS_TRACE_ARCHITECTURE, number, 1);
      g_assert_cmpint (has_read_arguments, ==, number == SYS_prlimit64);
    }
  g_assert_cmpuint (filter.length, <=, ATLAS_TRACE_MOST_STATEMENTS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  atlas_trace_filter_build (&filter);
  g_test_add_func ("/trace/filter/native", test_native);
  g_test_add_func ("/trace/filter/limits", test_limits);
  g_test_add_func ("/trace/filter/foreign", test_foreign);
  g_test_add_func ("/trace/filter/cheap", test_cheap);
  return g_test_run ();
}
