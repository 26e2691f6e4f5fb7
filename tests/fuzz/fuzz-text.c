/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as a name to be shown, and as an address that was typed. */

#include "fuzz.h"

#include "atlas-format.h"
#include "atlas-text.h"

#include <string.h>

const char fuzz_file[] = "maps";

/* Names are short; the whole of a long input is cleaned once. */
#define NAME 256

static void
check_clean (const char *clean)
{
  g_assert_true (g_utf8_validate (clean, -1, NULL));
  for (const char *p = clean; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      g_assert_true (c >= 0x20 && (c < 0x7f || c >= 0xa0));
      g_assert_false (c >= 0x200b && c <= 0x200f);
      g_assert_false (c >= 0x2028 && c <= 0x202e);
      g_assert_false (c >= 0x2060 && c <= 0x206f);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *clean = atlas_text_clean ((const char *) data, (gssize) size);
  g_autofree char *name = atlas_text_clean ((const char *) data, (gssize) MIN (size, NAME));
  g_autofree char *again = atlas_text_clean (name, -1);
  g_autofree char *terminated = g_strndup ((const char *) data, size);
  guint64 address;

  check_clean (clean);
  g_assert_cmpstr (again, ==, name);
  for (guint max_chars = 0; max_chars < 20; max_chars += 3)
    {
      g_autofree char *cut =
          atlas_text_clean_short ((const char *) data, (gssize) MIN (size, NAME), max_chars);
      check_clean (cut);
      g_assert_cmpint (g_utf8_strlen (cut, -1), <=, max_chars);
    }
  atlas_parse_address (terminated, &address);
  return 0;
}
