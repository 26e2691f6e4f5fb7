/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One buffer for all of the process: one command is answered at a time, whichever thread does it.
 */

#include "atlas-output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static char buffer[4096];
static size_t filled;

static const char digits[] = "0123456789abcdef";

void
atlas_output_flush (void)
{
  for (size_t written = 0; written < filled;)
    {
      ssize_t step = write (STDOUT_FILENO, buffer + written, filled - written);

      if (step < 0 && errno != EINTR)
        _exit (1);
      if (step > 0)
        written += (size_t) step;
    }
  filled = 0;
}

void
atlas_output_discard (void)
{
  filled = 0;
}

void
atlas_output_bytes (const char *bytes, size_t length)
{
  while (length > 0)
    {
      size_t step = sizeof buffer - filled;

      if (step > length)
        step = length;
      memcpy (buffer + filled, bytes, step);
      filled += step;
      bytes += step;
      length -= step;
      if (filled == sizeof buffer)
        atlas_output_flush ();
    }
}

void
atlas_output_text (const char *text)
{
  atlas_output_bytes (text, strlen (text));
}

static void
put_escape (unsigned char byte)
{
  char escape[4] = { '\\', 'x', digits[byte >> 4], digits[byte & 15] };

  atlas_output_bytes (escape, sizeof escape);
}

static void
put_clean (char c)
{
  if (c < ' ' || c > '~')
    put_escape ((unsigned char) c);
  else
    atlas_output_bytes (&c, 1);
}

void
atlas_output_clean (const char *text)
{
  for (; *text != '\0'; text++)
    put_clean (*text);
}

void
atlas_output_quoted (const char *text)
{
  atlas_output_text ("\"");
  for (; *text != '\0'; text++)
    {
      if (*text == '\\' || *text == '"')
        atlas_output_text ("\\");
      put_clean (*text);
    }
  atlas_output_text ("\"");
}

static const char *
write_digits (uint64_t number, unsigned base, char text[ATLAS_NUMBER_SIZE])
{
  char reversed[ATLAS_NUMBER_SIZE];
  size_t n_digits = 0;
  size_t start = 0;

  do
    reversed[n_digits++] = digits[number % base];
  while ((number /= base) > 0);
  if (base == 16)
    {
      text[start++] = '0';
      text[start++] = 'x';
    }
  for (size_t i = 0; i < n_digits; i++)
    text[start + i] = reversed[n_digits - 1 - i];
  text[start + n_digits] = '\0';
  return text;
}

const char *
atlas_number_text (uint64_t number, char text[ATLAS_NUMBER_SIZE])
{
  return write_digits (number, 10, text);
}

const char *
atlas_hex_text (uint64_t number, char text[ATLAS_NUMBER_SIZE])
{
  return write_digits (number, 16, text);
}

void
atlas_output_number (uint64_t number)
{
  char text[ATLAS_NUMBER_SIZE];

  atlas_output_text (atlas_number_text (number, text));
}

void
atlas_output_hex (uint64_t number)
{
  char text[ATLAS_NUMBER_SIZE];

  atlas_output_text (atlas_hex_text (number, text));
}
