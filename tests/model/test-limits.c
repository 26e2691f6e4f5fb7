/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing limits, and whether what it says is what getrlimit says. */

#include "atlas-error.h"
#include "atlas-limits.h"

#include <string.h>
#include <sys/resource.h>

#define HEAD "Limit                     Soft Limit           Hard Limit           Units     \n"

static void
test_lines (void)
{
  const char *text =
      HEAD "Max cpu time              unlimited            unlimited            seconds   \n"
           "Max locked memory         8388608              unlimited            bytes     \n"
           "Max nice priority         0                    0                    \n"
           "Max thing nobody knows    1                    18446744073709551615 bytes";
  g_auto (AtlasLimits) limits = { 0 };
  g_auto (AtlasLimits) copy = { 0 };

  g_assert_true (atlas_limits_parse (text, strlen (text), &limits, NULL));
  atlas_limits_copy (&limits, &copy);
  atlas_limits_clear (&limits);
  g_assert_null (atlas_limits_find (&limits, "cpu"));
  g_assert_cmpuint (copy.n_limits, ==, 4);

  const AtlasLimit *memlock = atlas_limits_find (&copy, "memlock");
  g_assert_cmpstr (memlock->title, ==, "Max locked memory");
  g_assert_cmpuint (memlock->soft, ==, 8388608);
  g_assert_cmpuint (memlock->hard, ==, ATLAS_LIMIT_UNLIMITED);
  g_assert_true (memlock->is_bytes);
  const AtlasLimit *nice = atlas_limits_find (&copy, "nice");
  g_assert_cmpuint (nice->hard, ==, 0);
  g_assert_false (nice->is_bytes);
  const AtlasLimit *unknown = atlas_limits_find (&copy, "thing-nobody-knows");
  g_assert_cmpuint (unknown->soft, ==, 1);
  g_assert_null (atlas_limits_find (&copy, "memloc"));
}

static void
test_malformed (void)
{
  static const char *const texts[] = {
    "",
    "\n",
    "Limits",
    HEAD,
    HEAD "Max cpu time\n",
    HEAD "Max cpu time 5\n",
    HEAD "Max cpu time 5 many\n",
    HEAD "5 5 bytes\n",
    HEAD "Max cpu time 99999999999999999999 5 bytes\n",
    HEAD "\n",
    "Max cpu time 5 5 bytes\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      AtlasLimits limits;
      memset (&limits, 0xff, sizeof limits);
      g_assert_false (atlas_limits_parse (texts[i], strlen (texts[i]), &limits, &error));
      g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED);
      g_assert_cmpuint (limits.n_limits, ==, 0);
      g_assert_null (limits.limits);
    }
}

static void
test_live (void)
{
  static const struct
  {
    const char *name;
    int resource;
  } resources[] = {
    { "cpu", RLIMIT_CPU },           { "fsize", RLIMIT_FSIZE },
    { "data", RLIMIT_DATA },         { "stack", RLIMIT_STACK },
    { "core", RLIMIT_CORE },         { "rss", RLIMIT_RSS },
    { "nproc", RLIMIT_NPROC },       { "nofile", RLIMIT_NOFILE },
    { "memlock", RLIMIT_MEMLOCK },   { "as", RLIMIT_AS },
    { "locks", RLIMIT_LOCKS },       { "sigpending", RLIMIT_SIGPENDING },
    { "msgqueue", RLIMIT_MSGQUEUE }, { "nice", RLIMIT_NICE },
    { "rtprio", RLIMIT_RTPRIO },     { "rttime", RLIMIT_RTTIME },
  };
  g_auto (AtlasLimits) limits = { 0 };
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents ("/proc/self/limits", &text, &length, NULL));
  g_assert_true (atlas_limits_parse (text, length, &limits, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (resources); i++)
    {
      const AtlasLimit *limit = atlas_limits_find (&limits, resources[i].name);
      struct rlimit truth;
      g_assert_cmpint (getrlimit ((__rlimit_resource_t) resources[i].resource, &truth), ==, 0);
      g_assert_nonnull (limit);
      g_assert_cmpuint (limit->soft, ==,
                        truth.rlim_cur == RLIM_INFINITY ? ATLAS_LIMIT_UNLIMITED : truth.rlim_cur);
      g_assert_cmpuint (limit->hard, ==,
                        truth.rlim_max == RLIM_INFINITY ? ATLAS_LIMIT_UNLIMITED : truth.rlim_max);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/limits/lines", test_lines);
  g_test_add_func ("/model/limits/malformed", test_malformed);
  g_test_add_func ("/model/limits/live", test_live);
  return g_test_run ();
}
