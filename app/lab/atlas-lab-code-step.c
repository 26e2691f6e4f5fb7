/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines for people and for the program. The program has, beyond what people are shown, what it
 * takes to say what came of a call. */

#include "atlas-lab-code-private.h"

#include <string.h>

void
atlas_step_use (AtlasStep *step, AtlasCodeUses uses)
{
  step->code->uses |= uses;
}

static void
append_line (GString *text, const char *format, va_list arguments)
{
  g_string_append_vprintf (text, format, arguments);
  g_string_append_c (text, '\n');
}

void
atlas_step_put (AtlasStep *step, const char *format, ...)
{
  va_list arguments, again;

  va_start (arguments, format);
  va_copy (again, arguments);
  append_line (step->shown, format, arguments);
  append_line (step->body, format, again);
  va_end (again);
  va_end (arguments);
}

void
atlas_step_show (AtlasStep *step, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  append_line (step->shown, format, arguments);
  va_end (arguments);
}

void
atlas_step_write (AtlasStep *step, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  append_line (step->body, format, arguments);
  va_end (arguments);
}

void
atlas_step_remark (AtlasStep *step, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *remark = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  remark = atlas_code_dup_remark (text);
  g_string_append_printf (step->body, "/* %s */\n", remark);
}

/* Where the call failed in the lab, the program asks whether it does so again. What the variable
 * had before is still there then. */
static void
write_failed_pointer (AtlasStep *step,
                      const char *call,
                      const char *variable,
                      const char *expression,
                      const char *wrong)
{
  gboolean has_memory = atlas_step_find_memory (step, step->words[1]) != NULL;

  atlas_step_use (step, ATLAS_USES_CHECK);
  if (has_memory)
    {
      atlas_step_write (step, "check (\"%s\", %s != %s);", call, expression, wrong);
      return;
    }
  atlas_step_write (step, "%s = %s;", variable, expression);
  atlas_step_write (step, "check (\"%s\", %s != %s);", call, variable, wrong);
}

void
atlas_step_put_pointer (AtlasStep *step,
                        const char *call,
                        const char *variable,
                        const char *expression,
                        const char *wrong)
{
  atlas_step_show (step, "%s = %s;", variable, expression);
  if (step->failed)
    {
      write_failed_pointer (step, call, variable, expression, wrong);
      return;
    }
  atlas_step_use (step, ATLAS_USES_NEED);
  atlas_step_write (step, "%s = %s;", variable, expression);
  atlas_step_write (step, "need (\"%s\", %s, %s);", call, variable, wrong);
}

void
atlas_step_put_check (AtlasStep *step,
                      const char *call,
                      const char *expression,
                      const char *success)
{
  atlas_step_use (step, ATLAS_USES_CHECK);
  atlas_step_show (step, "%s;", expression);
  atlas_step_write (step, "check (\"%s\", %s %s);", call, expression, success);
}

void
atlas_step_put_value (AtlasStep *step, const char *call, const char *expression)
{
  atlas_step_use (step, ATLAS_USES_TELL);
  atlas_step_show (step, "%s;", expression);
  atlas_step_write (step, "tell (\"%s\", (long) %s);", call, expression);
}

char *
atlas_step_dup_size (AtlasStep *step, guint64 size)
{
  if (size <= G_MAXINT64)
    return g_strdup_printf ("%" G_GUINT64_FORMAT, size);
  atlas_step_use (step, ATLAS_USES_OPAQUE);
  return g_strdup_printf ("opaque (%" G_GUINT64_FORMAT "ul)", size);
}

/* Trigraphs would be warned of. */
char *
atlas_code_quote (const char *text)
{
  GString *quoted = g_string_new ("\"");

  for (const guchar *p = (const guchar *) text; *p != '\0'; p++)
    if (*p == '"' || *p == '\\' || *p == '?')
      g_string_append_printf (quoted, "\\%c", *p);
    else if (*p < ' ' || *p > '~')
      g_string_append_printf (quoted, "\\%03o", *p);
    else
      g_string_append_c (quoted, (char) *p);
  g_string_append_c (quoted, '"');
  return g_string_free (quoted, FALSE);
}

char *
atlas_code_dup_remark (const char *text)
{
  GString *remark = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      gboolean meets = (p[0] == '*' && p[1] == '/') || (p[0] == '/' && p[1] == '*')
                       || (p[0] == '?' && p[1] == '?');

      g_string_append_c (remark, g_ascii_iscntrl (*p) ? ' ' : *p);
      if (meets)
        g_string_append_c (remark, ' ');
    }
  return g_string_free (remark, FALSE);
}
