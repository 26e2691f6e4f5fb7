/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The report of `show`, section by section: the process, its counters and what they mean, faults,
 * limits, regions, and what could not be read. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>

#include "atlas-age.h"
#include "atlas-process-state.h"
#include "atlas-cli-process.h"
#include "atlas-cli-report.h"
#include "atlas-cli-table.h"
#include "atlas-format.h"
#include "atlas-text.h"

#define INDENT 2

typedef struct
{
  AtlasSnapshot *snapshot;
  guint width;
  GString *text;
} Report;

static void
begin_section (Report *report, const char *title)
{
  g_string_append_printf (report->text, "\n%s\n", title);
}

static void
print_table (Report *report, AtlasTable *table)
{
  atlas_table_print (table, INDENT, report->width, report->text);
}

static void
take_fact (AtlasTable *table, const char *title, char *value)
{
  atlas_table_add (table, title);
  atlas_table_take (table, value);
}

static char *
format_start (AtlasSnapshot *snapshot)
{
  gdouble epoch = atlas_snapshot_get_start_epoch (snapshot);

  if (epoch <= 0)
    return g_strdup (_ ("unknown"));
  return atlas_format_time ((gint64) (epoch * G_USEC_PER_SEC));
}

static char *
format_system (AtlasSnapshot *snapshot)
{
  const AtlasSystem *system = atlas_snapshot_get_system (snapshot);
  g_autofree char *page = atlas_format_bytes (system->page_size);

  return g_strdup_printf (_ ("%s, %s, pages of %s"), system->kernel, system->libc, page);
}

static char *
format_read (AtlasSnapshot *snapshot)
{
  g_autofree char *time = atlas_format_time (atlas_snapshot_get_time (snapshot));
  g_autofree char *oldest = atlas_age_describe_oldest (snapshot);

  return oldest == NULL ? g_steal_pointer (&time) : g_strdup_printf ("%s, %s", time, oldest);
}

static void
report_process (Report *report)
{
  static const AtlasTableColumn columns[2];
  g_autoptr (AtlasTable) table = atlas_table_new (columns, G_N_ELEMENTS (columns));
  AtlasSnapshot *snapshot = report->snapshot;
  const AtlasStatus *status = atlas_snapshot_get_status (snapshot);
  const char *user = atlas_snapshot_get_user (snapshot);
  const char *state = atlas_process_state_get_title (status->state);

  g_string_append_printf (report->text, _ ("%s (process %d)\n"), atlas_snapshot_get_name (snapshot),
                          atlas_snapshot_get_pid (snapshot));
  take_fact (table, _ ("Command"), g_strdup (atlas_snapshot_get_command (snapshot)));
  take_fact (table, _ ("User"), g_strdup_printf ("%s (%u)", user, status->uid));
  take_fact (table, _ ("State"), g_strdup_printf ("%c (%s)", status->state, state));
  take_fact (table, _ ("Started"), format_start (snapshot));
  take_fact (table, _ ("Threads"), atlas_format_count (status->threads));
  take_fact (table, _ ("System"), format_system (snapshot));
  take_fact (table, _ ("Read"), format_read (snapshot));
  print_table (report, table);
}

static void
add_counter (AtlasTable *table, const char *name, guint64 kb, const char *title)
{
  atlas_table_add (table, name);
  atlas_table_take (table, atlas_format_kb (kb));
  atlas_table_add (table, title);
}

static void
add_unknown_counters (AtlasTable *table, const AtlasStatus *status)
{
  for (guint i = 0; i < status->n_unknown; i++)
    {
      g_autofree char *name = atlas_text_clean (status->unknown[i].name, -1);

      add_counter (table, name, status->unknown[i].kb, _ ("New to this program"));
    }
}

static void
report_counters (Report *report)
{
  static const AtlasTableColumn columns[] = { { NULL, FALSE }, { NULL, TRUE }, { NULL, FALSE } };
  g_autoptr (AtlasTable) table = atlas_table_new (columns, G_N_ELEMENTS (columns));
  const AtlasStatus *status = atlas_snapshot_get_status (report->snapshot);

  if (status->present == 0 && status->n_unknown == 0)
    return;
  begin_section (report, _ ("Counters"));
  for (AtlasCounter counter = 0; counter < ATLAS_N_COUNTERS; counter++)
    if (atlas_status_has (status, counter))
      add_counter (table, atlas_counter_get_name (counter), status->kb[counter],
                   atlas_counter_get_title (counter));
  add_unknown_counters (table, status);
  print_table (report, table);
}

static void
report_faults (Report *report)
{
  static const AtlasTableColumn columns[] = { { NULL, FALSE }, { NULL, TRUE }, { NULL, FALSE } };
  g_autoptr (AtlasTable) table = atlas_table_new (columns, G_N_ELEMENTS (columns));
  const AtlasStat *stat = atlas_snapshot_get_stat (report->snapshot);

  begin_section (report, _ ("Page faults since the start"));
  atlas_table_add (table, _ ("minor"));
  atlas_table_take (table, atlas_format_count (stat->minor_faults));
  atlas_table_add (table, _ ("The page was in memory or could be made up"));
  atlas_table_add (table, _ ("major"));
  atlas_table_take (table, atlas_format_count (stat->major_faults));
  atlas_table_add (table, _ ("The page had to be read from disk or swap"));
  print_table (report, table);
}

static char *
format_limit (const AtlasLimit *limit, guint64 value)
{
  if (value == ATLAS_LIMIT_UNLIMITED)
    return g_strdup (_ ("unlimited"));
  return limit->is_bytes ? atlas_format_bytes (value) : atlas_format_count (value);
}

static void
add_limit (AtlasTable *table, const AtlasLimit *limit)
{
  atlas_table_take (table, atlas_text_clean (limit->name, -1));
  atlas_table_take (table, format_limit (limit, limit->soft));
  atlas_table_take (table, format_limit (limit, limit->hard));
  atlas_table_take (table, atlas_text_clean (limit->title, -1));
}

/* Those that bound memory; the JSON has them all. */
static void
report_limits (Report *report)
{
  static const char *const shown[] = { "as", "data", "stack", "memlock" };
  const AtlasTableColumn columns[] = {
    { _ ("LIMIT"), FALSE }, { _ ("SOFT"), TRUE }, { _ ("HARD"), TRUE }, { "", FALSE }
  };
  g_autoptr (AtlasTable) table = atlas_table_new (columns, G_N_ELEMENTS (columns));
  const AtlasLimits *limits = atlas_snapshot_get_limits (report->snapshot);

  if (limits->n_limits == 0)
    return;
  begin_section (report, _ ("Limits on memory"));
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      const AtlasLimit *limit = atlas_limits_find (limits, shown[i]);

      if (limit != NULL)
        add_limit (table, limit);
    }
  print_table (report, table);
}

/* A part that is not known is not a part that is not there. */
static char *
format_pages (const AtlasPageCounts *counts, guint64 pages, guint64 page_size)
{
  if (counts->pages != 0 && counts->unknown == counts->pages)
    return g_strdup (_ ("unknown"));
  return atlas_format_bytes (pages * page_size);
}

static void
add_region (AtlasTable *table, const AtlasRegion *region, guint64 page_size)
{
  AtlasPageCounts counts;
  char permissions[5];

  atlas_pages_count_all (region->pages, &counts);
  atlas_permissions_to_text (region->permissions, permissions);
  atlas_table_take (table, atlas_format_range (region->start, region->end));
  atlas_table_add (table, permissions);
  atlas_table_take (table, atlas_format_bytes (region->end - region->start));
  atlas_table_take (table, format_pages (&counts, counts.resident, page_size));
  atlas_table_take (table, format_pages (&counts, counts.swapped, page_size));
  atlas_table_add (table, atlas_kind_get_id (region->kind));
  atlas_table_take (table, atlas_region_dup_full_name (region));
}

static void
print_regions (Report *report)
{
  const AtlasTableColumn columns[] = {
    { _ ("RANGE"), FALSE }, { _ ("PERM"), FALSE }, { _ ("SIZE"), TRUE },  { _ ("RESIDENT"), TRUE },
    { _ ("SWAP"), TRUE },   { _ ("KIND"), FALSE }, { _ ("NAME"), FALSE },
  };
  g_autoptr (AtlasTable) table = atlas_table_new (columns, G_N_ELEMENTS (columns));
  guint64 page_size = atlas_snapshot_get_page_size (report->snapshot);

  for (guint i = 0; i < atlas_snapshot_get_n_regions (report->snapshot); i++)
    add_region (table, atlas_snapshot_get_region (report->snapshot, i), page_size);
  print_table (report, table);
}

static void
report_regions (Report *report)
{
  guint n_regions = atlas_snapshot_get_n_regions (report->snapshot);
  g_autofree char *count = atlas_format_count (n_regions);
  g_autofree char *title = NULL;

  switch (atlas_snapshot_get_access (report->snapshot))
    {
    case ATLAS_ACCESS_KERNEL_THREAD:
      begin_section (report, _ ("A kernel thread has no memory of its own."));
      return;
    case ATLAS_ACCESS_ZOMBIE:
      begin_section (report, _ ("It has ended, and its memory is given back (a zombie)."));
      return;
    case ATLAS_ACCESS_DENIED:
      begin_section (report, _ ("Its regions may not be read."));
      return;
    case ATLAS_ACCESS_FULL:
      title = g_strdup_printf (_ ("Regions: %s"), count);
      begin_section (report, title);
      print_regions (report);
      return;
    }
}

static void
report_problems (Report *report)
{
  const char *const *problems = atlas_snapshot_get_problems (report->snapshot);

  if (problems[0] == NULL)
    return;
  begin_section (report, _ ("Problems"));
  for (guint i = 0; problems[i] != NULL; i++)
    g_string_append_printf (report->text, "%*s%s\n", INDENT, "", problems[i]);
}

char *
atlas_cli_report (AtlasSnapshot *snapshot, guint width)
{
  Report report = { snapshot, width, g_string_new (NULL) };

  report_process (&report);
  report_counters (&report);
  report_faults (&report);
  report_limits (&report);
  report_regions (&report);
  report_problems (&report);
  return g_string_free (report.text, FALSE);
}
