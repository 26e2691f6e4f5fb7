/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as maps: what comes out is in order, apart and never empty, whatever goes in; and every
 * region gets a kind and a title that can be shown. */

#include "fuzz.h"

#include "atlas-region.h"

const char fuzz_file[] = "maps";

static GPtrArray *
parse (const char *data, gsize size, AtlasMapsParser *parser)
{
  GPtrArray *regions = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_region_unref);
  guint64 last_end = 0;
  AtlasMapsRecord record;

  atlas_maps_parser_init (parser, data, size);
  while (atlas_maps_parser_next (parser, &record))
    {
      g_assert_cmpuint (record.start, >=, last_end);
      g_assert_cmpuint (record.start, <, record.end);
      g_assert_cmpuint ((record.start | record.end) % 4096, ==, 0);
      g_assert_true (record.name >= data && record.name + record.name_length <= data + size);
      last_end = record.end;
      g_ptr_array_add (regions, atlas_region_new (&record));
    }
  return regions;
}

static guint
count_lines (const char *data, gsize size)
{
  guint n = size > 0 && data[size - 1] != '\n';

  for (gsize i = 0; i < size; i++)
    n += data[i] == '\n';
  return n;
}

static void
check_region (const AtlasRegion *region)
{
  g_autofree char *title = atlas_region_dup_title (region);

  g_assert_cmpuint (region->kind, <, ATLAS_N_KINDS);
  g_assert_true (g_utf8_validate (title, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = (const char *) data;
  AtlasMapsParser parser;
  g_autoptr (GPtrArray) regions = parse (text, size, &parser);

  /* A torn record may be clamped or dropped: no line is lost without being counted. */
  g_assert_cmpuint (regions->len + parser.torn + parser.malformed, >=, count_lines (text, size));
  g_assert_cmpuint (regions->len + parser.malformed, <=, count_lines (text, size));
  const char *program =
      regions->len > 0 ? ((AtlasRegion *) g_ptr_array_index (regions, 0))->name : NULL;
  atlas_maps_tell_kinds ((AtlasRegion **) regions->pdata, regions->len, program, FALSE);
  for (guint i = 0; i < regions->len; i++)
    check_region (g_ptr_array_index (regions, i));
  return 0;
}
