/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Says in words what a cell of the map shows in colour and shape. Kept apart from the view so that
 * it can be tested without a display. */

#include "atlas-config.h"

#include "atlas-page-text.h"

#include <glib/gi18n-lib.h>

#include "atlas-age.h"
#include "atlas-counter.h"
#include "atlas-format.h"

static void
append_part (GString *text, const char *part)
{
  if (text->len > 0)
    /* Translators: between the parts of an enumeration. */
    g_string_append (text, _ (", "));
  g_string_append (text, part);
}

/* Anonymous pages come to be shared by fork, and cease to as one of the two writes to them. */
static const char *
describe_sharing (gboolean is_file)
{
  return is_file ? _ ("shared with other processes") : _ ("still shared with another process");
}

static void
append_resident (GString *text, const AtlasRegion *region, AtlasPageState state)
{
  append_part (text, _ ("resident"));
  if ((state & ATLAS_PAGE_FILE) == 0)
    append_part (text, _ ("anonymous"));
  else if (region->kind == ATLAS_KIND_SHARED)
    append_part (text, _ ("shared memory"));
  else
    append_part (text, _ ("page of the file"));

  if (state & ATLAS_PAGE_HUGE)
    append_part (text, _ ("in a huge page"));
  if (state & ATLAS_PAGE_SHARED)
    append_part (text, describe_sharing ((state & ATLAS_PAGE_FILE) != 0));
  else if (state & ATLAS_PAGE_EXCLUSIVE)
    append_part (text, _ ("not shared"));
}

static void
append_locked (GString *text, const AtlasRegion *region)
{
  if (region->locked == ATLAS_LOCKED_YES)
    append_part (text, _ ("locked"));
}

char *
atlas_page_text_state (const AtlasRegion *region, AtlasPageState state)
{
  GString *text = g_string_new (NULL);

  if (state & ATLAS_PAGE_UNKNOWN)
    append_part (text, _ ("state unknown"));
  else if (state & ATLAS_PAGE_RESIDENT)
    append_resident (text, region, state);
  else if (state & ATLAS_PAGE_ZERO)
    append_part (text, _ ("the zero page: read but never written, takes no memory"));
  else if (state & ATLAS_PAGE_SWAPPED)
    append_part (text, _ ("swapped out"));
  else
    append_part (text, _ ("not resident"));
  append_locked (text, region);

  return g_string_free (text, FALSE);
}

static void
append_count (GString *text, guint64 count, const char *word)
{
  g_autofree char *number = NULL;
  g_autofree char *part = NULL;

  if (count == 0)
    return;

  number = atlas_format_count (count);
  /* Translators: a number of pages, and what they are: "48 resident". */
  part = g_strdup_printf (_ ("%s %s"), number, word);
  append_part (text, part);
}

char *
atlas_page_text_counts (const AtlasPageCounts *counts)
{
  GString *text = g_string_new (NULL);
  guint64 told = counts->resident + counts->swapped + counts->zero + counts->unknown;

  append_count (text, counts->resident, _ ("resident"));
  append_count (text, counts->huge, _ ("in huge pages"));
  append_count (text, counts->shared, describe_sharing (counts->file > 0));
  append_count (text, counts->swapped, _ ("swapped out"));
  append_count (text, counts->zero, _ ("zero pages"));
  append_count (text, counts->unknown, _ ("unknown"));
  append_count (text, counts->pages - MIN (told, counts->pages), _ ("not resident"));

  return g_string_free (text, FALSE);
}

char *
atlas_page_text_counted (const AtlasRegion *region, guint64 first, guint64 n_pages)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (AtlasCounter counter = 0; counter < ATLAS_N_COUNTERS; counter++)
    {
      guint64 count;

      if (!atlas_counter_has_pages (counter))
        continue;

      count = atlas_counter_count_pages (counter, region, first, n_pages);
      if (count == 0)
        continue;

      append_part (names, atlas_counter_get_name (counter));
      if (n_pages > 1)
        {
          g_autofree char *number = atlas_format_count (count);

          g_string_append_printf (names, " %s", number);
        }
    }

  if (names->len == 0)
    return g_strdup (_ ("counted nowhere"));
  /* Translators: %s is a list of the kernel's names: "VmRSS, RssAnon". */
  return g_strdup_printf (_ ("counted in %s"), names->str);
}

static char *
dup_place (const AtlasRegion *region, guint64 page_size, guint64 address, guint64 n_pages)
{
  guint64 page = (address - region->start) / page_size;
  g_autofree char *start = atlas_format_address (address);
  g_autofree char *end = atlas_format_address (address + n_pages * page_size);
  g_autofree char *first = atlas_format_count (page + 1);
  g_autofree char *last = atlas_format_count (page + n_pages);
  g_autofree char *all = atlas_format_count (atlas_region_get_n_pages (region, page_size));

  if (n_pages == 1)
    /* Translators: address, number of the page in its region, number of pages of the region. */
    return g_strdup_printf (_ ("0x%s, page %s of %s"), start, first, all);

  /* Translators: addresses from and to, numbers of pages from and to, pages of the region. */
  return g_strdup_printf (_ ("0x%s–0x%s, pages %s to %s of %s"), start, end, first, last, all);
}

static char *
dup_region_title (const AtlasRegion *region, guint64 page_size)
{
  g_autofree char *title = atlas_region_dup_title (region);
  g_autofree char *size = atlas_format_bytes (region->end - region->start);
  char permissions[5];

  atlas_permissions_to_text (region->permissions, permissions);
  /* Translators: name of a region, its kind, its permissions as in maps ("rw-p"), its size. */
  return g_strdup_printf (_ ("%s · %s · %s · %s"), title, atlas_kind_get_title (region->kind),
                          permissions, size);
}

/* Only when they are: that pages were read with the last samples goes without saying. */
static void
add_age (GStrvBuilder *lines, AtlasSnapshot *snapshot, guint64 start, guint64 end)
{
  g_autofree char *age = atlas_age_describe_old (snapshot, start, end);

  if (age != NULL)
    g_strv_builder_add (lines, age);
}

/* Unknown is not absent: the reason is told with it. */
static void
add_reason (GStrvBuilder *lines, AtlasSnapshot *snapshot)
{
  const char *const *problems = atlas_snapshot_get_problems (snapshot);

  if (problems != NULL && problems[0] != NULL)
    g_strv_builder_add (lines, problems[0]);
}

static char *
dup_states (const AtlasRegion *region, const AtlasPageCounts *counts, guint64 first)
{
  g_autoptr (GString) text = NULL;
  g_autofree char *numbers = NULL;

  if (counts->pages == 1)
    return atlas_page_text_state (region, atlas_pages_get_state (region->pages, first));

  numbers = atlas_page_text_counts (counts);
  text = g_string_new (numbers);
  append_locked (text, region);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_lines (GStrvBuilder *lines,
           AtlasSnapshot *snapshot,
           const AtlasRegion *region,
           guint64 first,
           guint64 n_pages)
{
  g_autofree char *states = NULL;
  g_autofree char *counted = atlas_page_text_counted (region, first, n_pages);
  AtlasPageCounts counts;

  atlas_pages_count (region->pages, first, n_pages, &counts);
  states = dup_states (region, &counts, first);
  g_strv_builder_add (lines, states);
  g_strv_builder_add (lines, counted);
  if (counts.unknown > 0)
    add_reason (lines, snapshot);
}

GStrv
atlas_page_text_tooltip (AtlasSnapshot *snapshot, guint index, guint64 address, guint64 n_pages)
{
  const AtlasRegion *region = atlas_snapshot_get_region (snapshot, index);
  guint64 page_size = atlas_snapshot_get_page_size (snapshot);
  guint64 end = n_pages > 0 ? address + n_pages * page_size : region->end;
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  g_autofree char *title = dup_region_title (region, page_size);

  if (n_pages > 0)
    {
      g_autofree char *place = dup_place (region, page_size, address, n_pages);

      g_strv_builder_add (lines, place);
      add_lines (lines, snapshot, region, (address - region->start) / page_size, n_pages);
      add_age (lines, snapshot, address, end);
      g_strv_builder_add (lines, title);
    }
  else
    {
      g_autofree char *name = atlas_region_dup_full_name (region);
      g_autofree char *range = atlas_format_range (region->start, region->end);

      g_strv_builder_add (lines, title);
      g_strv_builder_add (lines, range);
      add_lines (lines, snapshot, region, 0, atlas_region_get_n_pages (region, page_size));
      add_age (lines, snapshot, region->start, end);
      if (name[0] == '/')
        g_strv_builder_add (lines, name);
    }

  return g_strv_builder_end (lines);
}

char *
atlas_page_text_describe (AtlasSnapshot *snapshot, guint64 address)
{
  const AtlasRegion *region;
  guint64 page_size = atlas_snapshot_get_page_size (snapshot);
  guint64 page;
  guint index;
  g_autofree char *title = NULL;
  g_autofree char *number = NULL;
  g_autofree char *all = NULL;
  g_autofree char *where = NULL;
  g_autofree char *state = NULL;
  g_autofree char *age = NULL;

  if (!atlas_snapshot_find (snapshot, address, &index))
    return NULL;

  region = atlas_snapshot_get_region (snapshot, index);
  page = (address - region->start) / page_size;
  title = atlas_region_dup_title (region);
  number = atlas_format_count (page + 1);
  all = atlas_format_count (atlas_region_get_n_pages (region, page_size));
  where = atlas_format_address (region->start + page * page_size);
  state = atlas_page_text_state (region, atlas_pages_get_state (region->pages, page));
  age = atlas_age_describe_old (snapshot, region->start + page * page_size,
                                region->start + (page + 1) * page_size);

  if (age != NULL)
    /* Translators: as below, and how old that is: "pages read 4 s ago". */
    return g_strdup_printf (_ ("%s, page %s of %s at 0x%s, %s, %s"), title, number, all, where,
                            state, age);
  /* Translators: region, number of the page in it, pages it has, address, state of the page. */
  return g_strdup_printf (_ ("%s, page %s of %s at 0x%s, %s"), title, number, all, where, state);
}
