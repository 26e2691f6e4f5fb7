/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads every recorded process and compares with the list beside it (NAME.expected), one test for
 * each. What was recorded of a real process must agree with itself as well: the kernel's counters
 * in status are the oracle for the regions and their kinds, smaps for the sums.
 *
 * With ATLAS_UPDATE_EXPECTED=1 the lists are written anew, to be read before they are committed. */

#include "fixture.h"

#include "atlas-counter.h"
#include "atlas-error.h"
#include "atlas-limits.h"
#include "atlas-smaps.h"
#include "atlas-stat.h"
#include "atlas-status.h"
#include "atlas-text.h"

static void
dump_status (const Fixture *fixture, GString *out)
{
  g_autoptr (GString) text = fixture_read (fixture, "status");
  g_autoptr (GError) error = NULL;
  g_auto (AtlasStatus) status = { 0 };

  g_assert_nonnull (text);
  g_assert_true (atlas_status_parse (text->str, text->len, &status, &error));
  g_assert_no_error (error);
  g_autofree char *name = atlas_text_clean (status.name, -1);
  g_string_append_printf (out, "status\n  name %s\n  state %c\n  pid %d\n  parent %d\n", name,
                          status.state, status.pid, status.parent);
  g_string_append_printf (out, "  uid %u\n  threads %u\n  kernel thread %s\n  memory %s\n",
                          status.uid, status.threads, status.kernel_thread ? "yes" : "no",
                          status.has_memory ? "yes" : "no");
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    if (atlas_status_has (&status, i))
      g_string_append_printf (out, "  %s %" G_GUINT64_FORMAT "\n", atlas_counter_get_name (i),
                              status.kb[i]);
  for (guint i = 0; i < status.n_unknown; i++)
    g_string_append_printf (out, "  unknown %s %" G_GUINT64_FORMAT "\n", status.unknown[i].name,
                            status.unknown[i].kb);
}

static void
dump_stat (const Fixture *fixture, GString *out)
{
  g_autoptr (GString) text = fixture_read (fixture, "stat");
  g_autoptr (GError) error = NULL;
  AtlasStat stat;

  g_assert_nonnull (text);
  g_assert_true (atlas_stat_parse (text->str, text->len, &stat, &error));
  g_assert_no_error (error);
  g_autofree char *name = atlas_text_clean (stat.name, -1);
  g_string_append_printf (out, "stat\n  name %s\n  state %c\n  pid %d\n  flags %08x\n", name,
                          stat.state, stat.pid, stat.flags);
  g_string_append_printf (out,
                          "  faults %" G_GUINT64_FORMAT " minor, %" G_GUINT64_FORMAT
                          " major\n  start %" G_GUINT64_FORMAT "\n",
                          stat.minor_faults, stat.major_faults, stat.start_time);
}

static void
append_limit (GString *out, guint64 value)
{
  if (value == ATLAS_LIMIT_UNLIMITED)
    g_string_append (out, " unlimited");
  else
    g_string_append_printf (out, " %" G_GUINT64_FORMAT, value);
}

static void
dump_limits (const Fixture *fixture, GString *out)
{
  g_autoptr (GString) text = fixture_read (fixture, "limits");
  g_autoptr (GError) error = NULL;
  g_auto (AtlasLimits) limits = { 0 };

  g_assert_nonnull (text);
  g_assert_true (atlas_limits_parse (text->str, text->len, &limits, &error));
  g_assert_no_error (error);
  g_string_append (out, "limits\n");
  for (guint i = 0; i < limits.n_limits; i++)
    {
      const AtlasLimit *limit = &limits.limits[i];
      g_string_append_printf (out, "  %s", limit->name);
      append_limit (out, limit->soft);
      append_limit (out, limit->hard);
      g_string_append (out, limit->is_bytes ? " bytes\n" : "\n");
    }
}

static void
dump_region (const AtlasRegion *region, GString *out)
{
  g_autofree char *name = atlas_text_clean (region->name, -1);
  char permissions[5];

  atlas_permissions_to_text (region->permissions, permissions);
  g_string_append_printf (out, "  %012" G_GINT64_MODIFIER "x-%012" G_GINT64_MODIFIER "x %s",
                          region->start, region->end, permissions);
  g_string_append_printf (out,
                          " %08" G_GINT64_MODIFIER "x %02x:%02x %" G_GUINT64_FORMAT " %s%s%s\n",
                          region->offset, region->device_major, region->device_minor, region->inode,
                          atlas_kind_get_id (region->kind), *name != '\0' ? " " : "", name);
}

static void
dump_regions (const Fixture *fixture, GString *out)
{
  guint counts[2];
  g_autoptr (GPtrArray) regions = fixture_read_regions (fixture, counts);

  g_string_append_printf (out, "regions %u, torn %u, malformed %u\n", regions->len, counts[0],
                          counts[1]);
  for (guint i = 0; i < regions->len; i++)
    dump_region (g_ptr_array_index (regions, i), out);
}

static char *
dump (const Fixture *fixture)
{
  GString *out = g_string_new (NULL);
  g_autoptr (AtlasTarget) target = fixture_open (fixture);
  g_autofree char *exe = atlas_target_read_link (target, "exe", NULL);
  g_autofree char *clean = atlas_text_clean (exe, -1);

  g_string_append_printf (out, "exe %s\n", clean);
  dump_status (fixture, out);
  dump_stat (fixture, out);
  dump_limits (fixture, out);
  dump_regions (fixture, out);
  return g_string_free (out, FALSE);
}

/* All lines at once says little; the first that differs says where. */
static void
assert_same_lines (const char *found, const char *expected)
{
  g_auto (GStrv) found_lines = g_strsplit (found, "\n", -1);
  g_auto (GStrv) expected_lines = g_strsplit (expected, "\n", -1);

  for (guint i = 0; found_lines[i] != NULL && expected_lines[i] != NULL; i++)
    g_assert_cmpstr (found_lines[i], ==, expected_lines[i]);
  g_assert_cmpuint (g_strv_length (found_lines), ==, g_strv_length (expected_lines));
}

static void
test_expected (gconstpointer data)
{
  const Fixture *fixture = data;
  g_autofree char *path = fixture_get_expected_path (fixture);
  g_autofree char *found = dump (fixture);
  g_autofree char *expected = NULL;
  g_autoptr (GError) error = NULL;

  if (g_getenv ("ATLAS_UPDATE_EXPECTED") != NULL)
    g_file_set_contents (path, found, -1, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &expected, NULL, &error);
  g_assert_no_error (error);
  assert_same_lines (found, expected);
}

static guint64
count_kb (GPtrArray *regions, AtlasCounter counter)
{
  guint64 kb = 0;

  for (guint i = 0; i < regions->len; i++)
    {
      const AtlasRegion *region = g_ptr_array_index (regions, i);
      if (atlas_counter_counts (counter, region, ATLAS_PAGE_ABSENT))
        kb += (region->end - region->start) / 1024;
    }
  return kb;
}

/* The counters of address space, as the kernel added them up itself. */
static void
test_address_space (gconstpointer data)
{
  const Fixture *fixture = data;
  g_autoptr (GPtrArray) regions = fixture_read_regions (fixture, NULL);
  g_autoptr (GString) text = fixture_read (fixture, "status");
  g_auto (AtlasStatus) status = { 0 };
  static const AtlasCounter counters[] = { ATLAS_COUNTER_VM_SIZE, ATLAS_COUNTER_VM_DATA,
                                           ATLAS_COUNTER_VM_STK, ATLAS_COUNTER_VM_EXE,
                                           ATLAS_COUNTER_VM_LIB };

  g_assert_true (atlas_status_parse (text->str, text->len, &status, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (counters); i++)
    {
      g_test_message ("%s", atlas_counter_get_name (counters[i]));
      g_assert_cmpuint (count_kb (regions, counters[i]), ==, status.kb[counters[i]]);
    }
}

/* Sums over smaps of what each region's Rss counts, next to what the kernel says for all. */
static void
test_smaps (gconstpointer data)
{
  const Fixture *fixture = data;
  g_autoptr (GPtrArray) regions = fixture_read_regions (fixture, NULL);
  g_autoptr (GString) status_text = fixture_read (fixture, "status");
  g_autoptr (GString) text = fixture_read (fixture, "smaps");
  g_auto (AtlasStatus) status = { 0 };
  AtlasSmapsParser parser;
  AtlasSmaps smaps;
  guint64 rss = 0, anonymous = 0, locked = 0, hugetlb = 0;
  guint n = 0;

  g_assert_true (atlas_status_parse (status_text->str, status_text->len, &status, NULL));
  for (atlas_smaps_parser_init (&parser, text->str, text->len);
       atlas_smaps_parser_next (&parser, &smaps); n++)
    {
      const AtlasRegion *region = g_ptr_array_index (regions, n);
      g_assert_cmphex (smaps.start, ==, region->start);
      g_assert_cmphex (smaps.end, ==, region->end);
      g_assert_cmpuint (smaps.size, ==, (region->end - region->start) / 1024);
      g_assert_true (atlas_smaps_has (&smaps, "Rss"));
      g_assert_cmpint (atlas_smaps_has_flag (&smaps, "wr"), ==,
                       (region->permissions & ATLAS_PERM_WRITE) != 0);
      rss += smaps.rss;
      anonymous += smaps.anonymous;
      hugetlb += smaps.shared_hugetlb + smaps.private_hugetlb;
      if (atlas_smaps_has_flag (&smaps, "lo"))
        locked += smaps.size;
    }
  g_assert_cmpuint (n, ==, regions->len);
  g_assert_cmpuint (rss, ==, status.kb[ATLAS_COUNTER_VM_RSS]);
  g_assert_cmpuint (anonymous, ==, status.kb[ATLAS_COUNTER_RSS_ANON]);
  g_assert_cmpuint (locked, ==, status.kb[ATLAS_COUNTER_VM_LCK]);
  g_assert_cmpuint (hugetlb, ==, status.kb[ATLAS_COUNTER_HUGETLB_PAGES]);
}

static void
add_test (const Fixture *fixture, const char *what, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/model/fixtures/%s/%s", fixture->name, what);

  g_test_add_data_func (path, fixture, function);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_autoptr (GPtrArray) fixtures = fixture_list ();
  for (guint i = 0; i < fixtures->len; i++)
    {
      const Fixture *fixture = g_ptr_array_index (fixtures, i);
      g_autoptr (GString) smaps = fixture_read (fixture, "smaps");
      add_test (fixture, "expected", test_expected);
      if (fixture->written || smaps == NULL || smaps->len == 0)
        continue;
      add_test (fixture, "address-space", test_address_space);
      add_test (fixture, "smaps", test_smaps);
    }
  return g_test_run ();
}
