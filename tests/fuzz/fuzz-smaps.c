/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as smaps. */

#include "fuzz.h"

#include "atlas-smaps.h"

#include <string.h>

const char fuzz_file[] = "smaps";

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  AtlasSmapsParser parser;
  AtlasSmaps smaps;
  const char *last = (const char *) data;

  atlas_smaps_parser_init (&parser, (const char *) data, size);
  while (atlas_smaps_parser_next (&parser, &smaps))
    {
      g_assert_true (parser.next > last && parser.next <= parser.end);
      last = parser.next;
      g_assert_cmpuint (smaps.start, <, smaps.end);
      g_assert_nonnull (memchr (smaps.flags, '\0', sizeof smaps.flags));
      g_assert_true (atlas_smaps_has (&smaps, "Rss") || smaps.rss == 0);
      atlas_smaps_has_flag (&smaps, "lo");
    }
  g_assert_true (parser.next == parser.end);
  return 0;
}
