/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Puts answers together. */

#include "atlas-answer.h"

#include <stdarg.h>
#include <string.h>

#include "atlas-faults.h"
#include "atlas-lab-words.h"
#include "atlas-output.h"

static enum { NONE, GIVEN, WRITTEN } state;

void
atlas_answer_begin (void)
{
  state = NONE;
  atlas_faults_reset ();
}

void
atlas_answer_end (void)
{
  if (state == WRITTEN)
    return;
  if (state == NONE)
    atlas_answer_error ("EIO", "line", "the command gave no answer", NULL);
  atlas_output_text ("\tfaults=");
  atlas_output_number (atlas_faults_get_minor ());
  atlas_output_text (" major=");
  atlas_output_number (atlas_faults_get_major ());
  atlas_output_text ("\n");
  atlas_output_flush ();
  state = WRITTEN;
}

void
atlas_answer_forget (void)
{
  atlas_output_discard ();
  state = NONE;
}

void
atlas_answer_mark_written (void)
{
  state = WRITTEN;
}

void
atlas_answer_ok (void)
{
  atlas_output_text ("ok");
  state = GIVEN;
}

static void
begin_field (const char *name)
{
  atlas_output_text (" ");
  atlas_output_text (name);
  atlas_output_text ("=");
}

void
atlas_answer_number (const char *name, uint64_t value)
{
  begin_field (name);
  atlas_output_number (value);
}

void
atlas_answer_address (const char *name, const void *address)
{
  begin_field (name);
  atlas_output_hex ((uintptr_t) address);
}

static bool
needs_quotes (const char *word)
{
  for (const char *p = word; *p != '\0'; p++)
    if (*p <= ' ' || *p > '~' || *p == '"' || *p == '\\')
      return true;
  return *word == '\0';
}

void
atlas_answer_word (const char *name, const char *word)
{
  begin_field (name);
  if (needs_quotes (word))
    atlas_output_quoted (word);
  else
    atlas_output_text (word);
}

void
atlas_answer_comment (const char *text)
{
  atlas_output_text ("# ");
  atlas_output_text (text);
  atlas_output_text ("\n");
}

void
atlas_answer_begin_comment (const char *call)
{
  atlas_output_text ("# ");
  atlas_output_text (call);
}

void
atlas_answer_end_comment (void)
{
  atlas_output_text ("\n");
}

static void
give_error (const char *name, const char *call, va_list texts)
{
  const char *text;

  state = GIVEN;
  atlas_output_text ("error ");
  atlas_output_text (name);
  atlas_output_text (" ");
  atlas_output_text (call);
  atlas_output_text (": ");
  while ((text = va_arg (texts, const char *)) != NULL)
    atlas_output_clean (text);
}

void
atlas_answer_error (const char *name, const char *call, ...)
{
  va_list texts;

  va_start (texts, call);
  give_error (name, call, texts);
  va_end (texts);
}

void
atlas_answer_refuse (const char *call, ...)
{
  va_list texts;

  va_start (texts, call);
  give_error ("EINVAL", call, texts);
  va_end (texts);
}

/* The one that does not translate: a translation may be loaded into the heap. */
static const char *
describe (int number)
{
#ifdef __GLIBC__
  const char *text = strerrordesc_np (number);

  return text != NULL ? text : "unknown error";
#else
  return strerror (number);
#endif
}

void
atlas_answer_fail (int number, const char *call)
{
  const char *name = atlas_lab_errno_name (number);
  char text[ATLAS_NUMBER_SIZE];

  if (name == NULL)
    name = atlas_number_text ((uint64_t) number, text);
  atlas_answer_error (name, call, describe (number), NULL);
}
