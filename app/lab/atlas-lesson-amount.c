/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading and saying amounts. Lessons are exact, so nothing is rounded on either way. */

#include "atlas-config.h"

#include "atlas-lesson-amount.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "atlas-format.h"
#include "atlas-lab-words.h"

#define MINUS "\u2212"
#define MOST_NUMBER (G_GINT64_CONSTANT (1) << 62)
/* Digits and a unit, with room to be wrong. */
#define MOST_TEXT 64

typedef enum
{
  SIGN_NONE,
  SIGN_PLUS,
  SIGN_MINUS
} Sign;

static Sign
take_sign (const char **text)
{
  Sign sign = SIGN_NONE;

  if (**text == '+')
    sign = SIGN_PLUS;
  else if (**text == '-' || g_str_has_prefix (*text, MINUS))
    sign = SIGN_MINUS;
  if (sign != SIGN_NONE)
    *text += **text == '+' || **text == '-' ? 1 : strlen (MINUS);
  return sign;
}

/* Units that people write and the lab does not. */
static const char *
get_lab_unit (const char *unit)
{
  static const char *const likenings[][2] = {
    { "bytes", "B" }, { "byte", "B" }, { "pages", "p" }, { "page", "p" }
  };

  for (guint i = 0; i < G_N_ELEMENTS (likenings); i++)
    if (g_str_equal (likenings[i][0], unit))
      return likenings[i][1];
  return unit;
}

/* No comma: the lab takes one between thousands, a lesson takes none. */
static gboolean
is_unit_allowed (const char *lab_unit, AtlasExpectUnit unit)
{
  if (*lab_unit == ',')
    return FALSE;
  if (*lab_unit == '\0' || unit == ATLAS_EXPECT_IN_BYTES)
    return TRUE;
  return unit == ATLAS_EXPECT_IN_PAGES && g_str_equal (lab_unit, "p");
}

/* @text: digits and a unit, blanks between them or not. */
static gboolean
parse_size (const char *text, AtlasExpectUnit unit, gint64 *number)
{
  gsize n_digits = strspn (text, "0123456789.");
  const char *lab_unit = get_lab_unit (text + n_digits + strspn (text + n_digits, " "));
  g_autofree char *joined = NULL;
  guint64 size;

  if (n_digits == 0 || strlen (text) > MOST_TEXT || !is_unit_allowed (lab_unit, unit))
    return FALSE;
  joined = g_strdup_printf ("%.*s%s", (int) n_digits, text,
                            unit == ATLAS_EXPECT_IN_BYTES ? lab_unit : "");
  if (!atlas_lab_size_parse (joined, (gsize) sysconf (_SC_PAGESIZE), &size) || size > MOST_NUMBER)
    return FALSE;
  *number = (gint64) size;
  return TRUE;
}

static gboolean
parse_signed (const char *text, AtlasExpectUnit unit, Sign *sign, gint64 *number)
{
  *sign = take_sign (&text);
  if (!parse_size (text + strspn (text, " "), unit, number))
    return FALSE;
  if (*sign == SIGN_MINUS)
    *number = -*number;
  return TRUE;
}

gboolean
atlas_lesson_number_parse (const char *text, AtlasExpectUnit unit, gint64 *number)
{
  g_autofree char *bare = g_strstrip (g_strdup (text));
  gint64 parsed;
  Sign sign;

  if (!parse_signed (bare, unit, &sign, &parsed))
    return FALSE;
  *number = parsed;
  return TRUE;
}

/* Words up to "..", and behind it. */
static gboolean
parse_range (const char *text, AtlasExpectUnit unit, AtlasLessonAmount *amount)
{
  g_auto (GStrv) ends = g_strsplit (text, " .. ", 3);
  Sign first, second;

  if (g_strv_length (ends) != 2 || !parse_signed (ends[0], unit, &first, &amount->least)
      || !parse_signed (ends[1], unit, &second, &amount->most) || amount->least > amount->most)
    return FALSE;
  amount->has_sign = first != SIGN_NONE || second != SIGN_NONE;
  return TRUE;
}

static gboolean
parse_bound (const char *text, AtlasExpectUnit unit, AtlasLessonAmount *amount)
{
  gboolean at_least = g_str_has_prefix (text, ">=");
  gboolean at_most = g_str_has_prefix (text, "<=");
  gint64 number;
  Sign sign;

  amount->has_relation = at_least || at_most || *text == '=';
  text += at_least || at_most ? 2 : *text == '=' ? 1 : 0;
  if (!parse_signed (text + strspn (text, " "), unit, &sign, &number))
    return FALSE;
  amount->least = at_most ? G_MININT64 : number;
  amount->most = at_least ? G_MAXINT64 : number;
  amount->has_sign = sign != SIGN_NONE;
  return TRUE;
}

gboolean
atlas_lesson_amount_parse (const char *const *words,
                           AtlasExpectUnit unit,
                           AtlasLessonAmount *amount)
{
  g_autofree char *text = g_strjoinv (" ", (char **) words);
  AtlasLessonAmount parsed = { 0 };

  if (strstr (text, " .. ") != NULL ? !parse_range (text, unit, &parsed)
                                    : !parse_bound (text, unit, &parsed))
    return FALSE;
  *amount = parsed;
  return TRUE;
}

/* In the largest unit that needs no decimals, but not in thousands of one. */
static char *
format_bytes (guint64 bytes)
{
  static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
  g_autofree char *count = NULL;
  guint unit = 0;

  if (bytes == 0)
    return g_strdup ("0");
  if (bytes % 1024 != 0)
    {
      count = atlas_format_count (bytes);
      return g_strdup_printf (ngettext ("%s byte", "%s bytes", (gulong) bytes), count);
    }
  for (bytes /= 1024; bytes % 1024 == 0 && unit + 1 < G_N_ELEMENTS (units); unit++)
    bytes /= 1024;
  count = atlas_format_count (bytes);
  return g_strdup_printf ("%s %s", count, units[unit]);
}

char *
atlas_lesson_number_format (gint64 number, AtlasExpectUnit unit)
{
  guint64 size = number < 0 ? -(guint64) number : (guint64) number;
  g_autofree char *count = NULL;

  if (unit == ATLAS_EXPECT_IN_BYTES)
    return format_bytes (size);
  count = atlas_format_count (size);
  if (unit != ATLAS_EXPECT_IN_PAGES)
    return g_steal_pointer (&count);
  return g_strdup_printf (ngettext ("%s page", "%s pages", (gulong) size), count);
}

char *
atlas_lesson_change_format (gint64 number)
{
  g_autofree char *size = atlas_lesson_number_format (number, ATLAS_EXPECT_IN_BYTES);

  return g_strconcat (number > 0 ? "+" : number < 0 ? MINUS : "±", size, NULL);
}
