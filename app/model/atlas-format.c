/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers as people read them. All rounding is done in whole numbers, so that nothing is shown that
 * a float made up, and 1,023.99 KiB becomes 1 MiB rather than 1,024 KiB. */

#include "atlas-config.h"

#include "atlas-format.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <string.h>

#define MINUS "\u2212"
#define NARROW_SPACE "\u202f"
#define MINUTE (60 * G_TIME_SPAN_SECOND)

/* What the locale calls @item, or @fallback when that is empty or in no UTF-8. */
static const char *
ask_locale (nl_item item, const char *fallback)
{
  const char *text = nl_langinfo (item);

  return text != NULL && text[0] != '\0' && g_utf8_validate (text, -1, NULL) ? text : fallback;
}

static const char *
decimal_point (void)
{
  return ask_locale (RADIXCHAR, ".");
}

/* The C locale does not group, which nobody wants to read; a comma must not be mistaken for the
 * decimal point, though. */
static const char *
thousands_separator (void)
{
  return ask_locale (THOUSEP, strcmp (decimal_point (), ".") == 0 ? "," : NARROW_SPACE);
}

/* In threes from the right. */
static char *
group_by_hand (guint64 count)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  gsize n = strlen (digits);
  GString *text = g_string_sized_new (n + 3 * n / 3);

  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && (n - i) % 3 == 0)
        g_string_append (text, thousands_separator ());
      g_string_append_c (text, digits[i]);
    }
  return g_string_free (text, FALSE);
}

/* Some locales group otherwise than in threes; the C library knows. */
static char *
group_by_locale (guint64 count)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat"
  return g_strdup_printf ("%'" G_GUINT64_FORMAT, count);
#pragma GCC diagnostic pop
}

char *
atlas_format_count (guint64 count)
{
  const char *separator = nl_langinfo (THOUSEP);

  if (separator != NULL && separator[0] != '\0')
    {
      g_autofree char *text = group_by_locale (count);
      if (g_utf8_validate (text, -1, NULL))
        return g_steal_pointer (&text);
    }
  return group_by_hand (count);
}

/* Ten times @bytes / 2^@shift, rounded to the nearest. */
static guint64
scale_to_tenths (guint64 bytes, guint shift)
{
  guint64 unit = G_GUINT64_CONSTANT (1) << shift;
  guint64 rest = bytes & (unit - 1);

  /* At most 2^60: ten times that still fits. */
  return 10 * (bytes >> shift) + (10 * rest + unit / 2) / unit;
}

static guint64
scale_to_whole (guint64 bytes, guint shift)
{
  guint64 half = G_GUINT64_CONSTANT (1) << (shift - 1);

  return (bytes >> shift) + (((bytes >> (shift - 1)) & 1) && half != 0);
}

/* @bytes in units of 2^@shift: one decimal below 100, unless there is nothing behind the point. */
static char *
format_scaled (guint64 bytes, guint shift)
{
  guint64 tenths = scale_to_tenths (bytes, shift);
  gboolean exact = (bytes & ((G_GUINT64_CONSTANT (1) << shift) - 1)) == 0;

  if (exact || tenths >= 1000)
    return atlas_format_count (scale_to_whole (bytes, shift));
  return g_strdup_printf ("%" G_GUINT64_FORMAT "%s%u", tenths / 10, decimal_point (),
                          (guint) (tenths % 10));
}

char *
atlas_format_bytes (guint64 bytes)
{
  static const char *const units[] = { N_ ("KiB"), N_ ("MiB"), N_ ("GiB"),
                                       N_ ("TiB"), N_ ("PiB"), N_ ("EiB") };
  guint i = 0;

  if (bytes < 1024)
    {
      g_autofree char *count = atlas_format_count (bytes);
      /* Translators: so many bytes */
      return g_strdup_printf (_ ("%s B"), count);
    }
  while (i + 1 < G_N_ELEMENTS (units) && scale_to_whole (bytes, 10 * (i + 1)) >= 1024)
    i++;
  g_autofree char *number = format_scaled (bytes, 10 * (i + 1));
  return g_strconcat (number, " ", _ (units[i]), NULL);
}

char *
atlas_format_kb (guint64 kb)
{
  g_autofree char *number = atlas_format_count (kb);

  /* Translators: kB as the kernel writes it, 1,024 bytes */
  return g_strdup_printf (_ ("%s kB"), number);
}

static guint64
magnitude (gint64 number)
{
  return number < 0 ? -(guint64) number : (guint64) number;
}

static const char *
sign_of (gint64 number)
{
  if (number == 0)
    return "±";
  return number < 0 ? MINUS : "+";
}

char *
atlas_format_kb_change (gint64 kb)
{
  g_autofree char *number = atlas_format_kb (magnitude (kb));

  return g_strconcat (sign_of (kb), number, NULL);
}

char *
atlas_format_bytes_change (gint64 bytes)
{
  if (bytes == 0)
    return g_strdup ("");
  g_autofree char *number = atlas_format_bytes (magnitude (bytes));
  return g_strconcat (sign_of (bytes), number, NULL);
}

/* Rounded; half up. @whole is not 0. */
static guint64
percentage (guint64 part, guint64 whole)
{
  /* Past this the product would not fit, and a percent is far more than what is lost. */
  while (part > G_MAXUINT64 / 201)
    {
      part >>= 1;
      whole >>= 1;
    }
  return whole == 0 ? 0 : (100 * part + whole / 2) / whole;
}

char *
atlas_format_share (guint64 part, guint64 whole)
{
  if (whole == 0)
    return g_strdup ("–");

  guint64 percent = percentage (part, whole);
  if (percent == 0 && part > 0)
    return g_strdup (_ ("<1 %"));
  if (percent >= 100 && part < whole)
    return g_strdup (_ (">99 %"));
  g_autofree char *number = atlas_format_count (percent);
  /* Translators: a percentage */
  return g_strdup_printf (_ ("%s %%"), number);
}

char *
atlas_format_address (guint64 address)
{
  return g_strdup_printf ("%08" G_GINT64_MODIFIER "x", address);
}

char *
atlas_format_range (guint64 start, guint64 end)
{
  return g_strdup_printf ("%08" G_GINT64_MODIFIER "x–%08" G_GINT64_MODIFIER "x", start, end);
}

char *
atlas_format_scale (guint64 pages_per_cell, guint64 page_size)
{
  if (pages_per_cell <= 1)
    return g_strdup (_ ("1 cell = 1 page"));

  g_autofree char *pages = atlas_format_count (pages_per_cell);
  g_autofree char *bytes = atlas_format_bytes (pages_per_cell * page_size);
  /* Translators: pages to a cell of the map and how many bytes that is, "512", "2 MiB" */
  return g_strdup_printf (_ ("1 cell = %s pages (%s)"), pages, bytes);
}

char *
atlas_format_time (gint64 epoch_us)
{
  gint64 seconds = epoch_us / G_USEC_PER_SEC - (epoch_us % G_USEC_PER_SEC < 0);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : g_strdup ("–");
}

char *
atlas_format_duration (gint64 us)
{
  us = MAX (us, 0);
  guint64 tenths = (guint64) us / (G_TIME_SPAN_SECOND / 10);

  if (us < 10 * G_TIME_SPAN_SECOND)
    return g_strdup_printf (_ ("%u%s%u s"), (guint) (tenths / 10), decimal_point (),
                            (guint) (tenths % 10));
  if (us < MINUTE)
    return g_strdup_printf (_ ("%u s"), (guint) (us / G_TIME_SPAN_SECOND));
  if (us < G_TIME_SPAN_HOUR)
    return g_strdup_printf (_ ("%u min"), (guint) (us / MINUTE));
  if (us < G_TIME_SPAN_DAY)
    return g_strdup_printf (_ ("%u h"), (guint) (us / G_TIME_SPAN_HOUR));

  gulong days = (gulong) (us / G_TIME_SPAN_DAY);
  g_autofree char *number = atlas_format_count (days);
  return g_strdup_printf (ngettext ("%s day", "%s days", days), number);
}

char *
atlas_format_milliseconds (gint64 us)
{
  guint64 tenths = (guint64) MAX (us, 0) / 100;
  g_autofree char *whole = atlas_format_count (tenths / 10);

  return g_strdup_printf (_ ("%s%s%u ms"), whole, decimal_point (), (guint) (tenths % 10));
}

/* Up to 16 hexadecimal digits, grouped with underscores or not. */
static gboolean
take_address (const char **text, guint64 *address)
{
  const char *p = *text;
  guint64 value = 0;
  guint n_digits = 0;

  if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
    p += 2;
  for (; g_ascii_isxdigit (*p) || (*p == '_' && n_digits > 0); p++)
    if (*p != '_')
      {
        if (value >> 60 != 0)
          return FALSE;
        value = value << 4 | (guint64) g_ascii_xdigit_value (*p);
        n_digits++;
      }
  *text = p;
  *address = value;
  return n_digits > 0;
}

static const char *
skip_blanks (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;
  return text;
}

static gboolean
take_dash (const char **text)
{
  static const char *const dashes[] = { "-", "–", "—" };

  for (guint i = 0; i < G_N_ELEMENTS (dashes); i++)
    if (g_str_has_prefix (*text, dashes[i]))
      {
        *text += strlen (dashes[i]);
        return TRUE;
      }
  return FALSE;
}

gboolean
atlas_parse_address (const char *text, guint64 *address)
{
  g_return_val_if_fail (text != NULL && address != NULL, FALSE);

  guint64 start, end;
  const char *p = skip_blanks (text);
  if (!take_address (&p, &start))
    return FALSE;
  p = skip_blanks (p);
  gboolean is_range = take_dash (&p);
  if (is_range)
    {
      p = skip_blanks (p);
      if (!take_address (&p, &end) || (*p != '\0' && !g_ascii_isspace (*p)))
        return FALSE;
    }
  /* Behind a range the rest of its line of maps may follow; behind a single number nothing may,
   * since "add to list" is a name, not an address. */
  if (!is_range && *p != '\0')
    return FALSE;
  *address = start;
  return TRUE;
}
