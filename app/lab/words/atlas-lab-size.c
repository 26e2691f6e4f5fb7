/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sizes as a person writes them, without floating point: "1.5MiB" is exact. */

#include "atlas-lab-words.h"

#include <string.h>

#define MOST_FRACTION_DIGITS 6
#define GROUP_DIGITS 3

static bool
take_digits (const char **cursor, unsigned base, uint64_t *number)
{
  const char *p = *cursor;
  uint64_t value = 0;

  for (;; p++)
    {
      unsigned digit = (unsigned) *p - '0';

      if (digit > 9 && base == 16 && ((unsigned) *p | 0x20) - 'a' < 6)
        digit = ((unsigned) *p | 0x20) - 'a' + 10;
      if (digit >= base)
        break;
      if (__builtin_mul_overflow (value, base, &value)
          || __builtin_add_overflow (value, digit, &value))
        return false;
    }
  if (p == *cursor)
    return false;
  *cursor = p;
  *number = value;
  return true;
}

/* "262,144": three digits behind each comma. What begins with 0 is rather meant as a fraction. */
static bool
take_grouped (const char **cursor, uint64_t *number)
{
  const char *start = *cursor;

  if (!take_digits (cursor, 10, number))
    return false;
  if (**cursor == ',' && (*start == '0' || *cursor - start > GROUP_DIGITS))
    return false;
  while (**cursor == ',')
    {
      uint64_t group;

      start = ++*cursor;
      if (!take_digits (cursor, 10, &group) || *cursor - start != GROUP_DIGITS
          || __builtin_mul_overflow (*number, 1000, number)
          || __builtin_add_overflow (*number, group, number))
        return false;
    }
  return true;
}

/* Whether @text is @lower, in any case; without the C library, which would look at the locale. */
static bool
is_word (const char *text, const char *lower)
{
  for (; *lower != '\0' && (*text | 0x20) == *lower; text++)
    lower++;
  return *lower == '\0' && *text == '\0';
}

static bool
parse_unit (const char *text, size_t page_size, uint64_t *unit)
{
  static const char letters[] = "KMGT";
  const char *letter;

  *unit = 1;
  if (*text == '\0' || is_word (text, "b"))
    return true;
  *unit = page_size;
  if (strcmp (text, "p") == 0)
    return true;
  letter = strchr (letters, *text & ~0x20);
  if (letter == NULL || *letter == '\0'
      || (text[1] != '\0' && !is_word (text + 1, "b") && !is_word (text + 1, "ib")))
    return false;
  *unit = UINT64_C (1) << 10 * (letter - letters + 1);
  return true;
}

/* Digits behind the point, as a number of 1 / @scale. */
static bool
take_fraction (const char **cursor, uint64_t *fraction, uint64_t *scale)
{
  const char *start = *cursor;

  *fraction = 0;
  *scale = 1;
  if (*start != '.')
    return true;
  *cursor = ++start;
  if (!take_digits (cursor, 10, fraction) || *cursor - start > MOST_FRACTION_DIGITS)
    return false;
  for (; start < *cursor; start++)
    *scale *= 10;
  return true;
}

bool
atlas_lab_size_parse (const char *text, size_t page_size, uint64_t *size)
{
  bool is_hex = text[0] == '0' && text[1] == 'x';
  const char *cursor = is_hex ? text + 2 : text;
  uint64_t whole, fraction, scale, unit;

  if (!(is_hex ? take_digits (&cursor, 16, &whole) : take_grouped (&cursor, &whole))
      || !take_fraction (&cursor, &fraction, &scale) || !parse_unit (cursor, page_size, &unit)
      || (scale > 1 && (is_hex || unit == 1)))
    return false;
  if (__builtin_mul_overflow (whole, unit, &whole)
      || __builtin_add_overflow (whole, fraction * unit / scale, &whole))
    return false;
  *size = whole;
  return true;
}
