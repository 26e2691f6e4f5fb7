/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads a line of an `expect` block. Each kind of line begins with a word of its own, or with the
 * name of a counter. */

#include "atlas-config.h"

#include "atlas-lesson-expectation.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-lab-words.h"
#include "atlas-lesson-amount.h"
#include "atlas-text.h"

#define MOST_LINE 400

/* @words: what follows the first word. FALSE: they make no sense there. */
typedef gboolean (*TakeWords) (AtlasExpectation *self, const char *const *words);

typedef struct
{
  const char *word;
  AtlasExpectKind kind;
  AtlasExpectUnit unit;
  TakeWords take;
  const char *shape; /* for the message when @take says no */
} Form;

void
atlas_expectation_free (AtlasExpectation *self)
{
  g_free (self->text);
  g_free (self->process);
  g_free (self->name);
  g_free (self->word);
  g_free (self->hint);
  g_free (self);
}

static guint
count_words (const char *const *words)
{
  return g_strv_length ((char **) words);
}

static gboolean
is_one_of (const char *word, const char *const *choices)
{
  return g_strv_contains (choices, word);
}

static gboolean
take_amount (AtlasExpectation *self, const char *const *words)
{
  AtlasLessonAmount amount;

  if (!atlas_lesson_amount_parse (words, self->unit, &amount) || amount.has_sign)
    return FALSE;
  self->least = amount.least;
  self->most = amount.most;
  return TRUE;
}

/* "+260 KiB" is a change, "= 260 KiB" a value; a bare number could be either, so it is neither. */
static gboolean
take_counter (AtlasExpectation *self, const char *const *words)
{
  AtlasLessonAmount amount;

  if (!atlas_lesson_amount_parse (words, ATLAS_EXPECT_IN_BYTES, &amount)
      || (!amount.has_sign && !amount.has_relation && amount.least == amount.most))
    return FALSE;
  self->kind = amount.has_sign ? ATLAS_EXPECT_CHANGE : ATLAS_EXPECT_VALUE;
  self->least = amount.least;
  self->most = amount.most;
  return TRUE;
}

static gboolean
is_error_name (const char *word)
{
  return atlas_lab_errno_number (word) != 0
         || (g_str_has_prefix (word, "SIG") && strlen (word) > 3);
}

static gboolean
take_call (AtlasExpectation *self, const char *const *words)
{
  guint n_words = count_words (words);

  if (n_words < 1 || n_words > 2 || (n_words == 2 && atlas_lab_errno_number (words[1]) == 0))
    return FALSE;
  self->name = g_strdup (words[0]);
  self->word = g_strdup (words[1]);
  return TRUE;
}

/* "no syscall mmap" */
static gboolean
take_no_call (AtlasExpectation *self, const char *const *words)
{
  if (count_words (words) != 2 || !g_str_equal (words[0], "syscall"))
    return FALSE;
  self->name = g_strdup (words[1]);
  return TRUE;
}

static const char *const page_states[] = { "absent", "resident", "zero", "shared", "exclusive",
                                           "huge",   "swapped",  "file", NULL };

static gboolean
take_pages (AtlasExpectation *self, const char *const *words)
{
  if (count_words (words) < 3 || !is_one_of (words[1], page_states))
    return FALSE;
  self->name = g_strdup (words[0]);
  self->word = g_strdup (words[1]);
  return take_amount (self, words + 2);
}

static gboolean
take_mincore (AtlasExpectation *self, const char *const *words)
{
  if (count_words (words) < 2)
    return FALSE;
  self->name = g_strdup (words[0]);
  return take_amount (self, words + 1);
}

static gboolean
take_nothing (AtlasExpectation *self, const char *const *words)
{
  return words[0] == NULL;
}

static gboolean
take_error (AtlasExpectation *self, const char *const *words)
{
  if (count_words (words) != 1 || !is_error_name (words[0]))
    return FALSE;
  self->word = g_strdup (words[0]);
  return TRUE;
}

/* "arena=mmap", or "usable >= 100000". */
static gboolean
take_answer (AtlasExpectation *self, const char *const *words)
{
  guint n_words = count_words (words);
  const char *sign = n_words == 1 ? strchr (words[0], '=') : NULL;

  if (sign != NULL && sign > words[0] && sign[1] != '\0')
    {
      self->name = g_strndup (words[0], (gsize) (sign - words[0]));
      self->word = g_strdup (sign + 1);
      self->unit = ATLAS_EXPECT_IN_WORDS;
      return TRUE;
    }
  if (n_words < 2)
    return FALSE;
  self->name = g_strdup (words[0]);
  return take_amount (self, words + 1);
}

static gboolean
take_region (AtlasExpectation *self, const char *const *words)
{
  static const char *const choices[] = { "exists", "gone", NULL };
  guint n_words = count_words (words);
  g_auto (GStrv) name = NULL;

  if (n_words < 2 || !is_one_of (words[n_words - 1], choices))
    return FALSE;
  name = g_strdupv ((char **) words);
  self->word = g_steal_pointer (&name[n_words - 1]);
  self->name = g_strjoinv (" ", name);
  return TRUE;
}

static gboolean
take_choice (AtlasExpectation *self, const char *const *words, const char *const *choices)
{
  if (count_words (words) != 2 || !is_one_of (words[1], choices))
    return FALSE;
  self->name = g_strdup (words[0]);
  self->word = g_strdup (words[1]);
  return TRUE;
}

static gboolean
take_locked (AtlasExpectation *self, const char *const *words)
{
  static const char *const choices[] = { "yes", "no", NULL };

  return take_choice (self, words, choices);
}

static gboolean
take_how (AtlasExpectation *self, const char *const *words)
{
  static const char *const choices[] = { "brk", "mmap", "arena", "free", NULL };

  return take_choice (self, words, choices);
}

static gboolean
take_limit (AtlasExpectation *self, const char *const *words)
{
  static const char *const in_bytes[] = { "as",       "core", "data",  "fsize", "memlock",
                                          "msgqueue", "rss",  "stack", NULL };

  const AtlasLabWord *limit =
      count_words (words) < 2 ? NULL : atlas_lab_word_find (atlas_lab_rlimits, words[0]);

  if (limit == NULL)
    return FALSE;
  self->name = g_strdup (limit->word);
  if (!is_one_of (self->name, in_bytes))
    self->unit = ATLAS_EXPECT_IN_NUMBERS;
  if (!g_str_equal (words[1], "unlimited"))
    return take_amount (self, words + 1);
  self->word = g_strdup (words[1]);
  return words[2] == NULL;
}

/* "major faults 0" */
static gboolean
take_major (AtlasExpectation *self, const char *const *words)
{
  return count_words (words) > 1 && g_str_equal (words[0], "faults")
         && take_amount (self, words + 1);
}

static const Form forms[] = {
  { "syscall", ATLAS_EXPECT_SYSCALL, ATLAS_EXPECT_IN_WORDS, take_call,
    "syscall mmap, or syscall mlock ENOMEM" },
  { "no", ATLAS_EXPECT_NO_SYSCALL, ATLAS_EXPECT_IN_WORDS, take_no_call, "no syscall mmap" },
  { "pages", ATLAS_EXPECT_PAGES, ATLAS_EXPECT_IN_PAGES, take_pages,
    "pages a resident 64 (or absent, zero, shared, exclusive, huge, swapped, file)" },
  { "mincore", ATLAS_EXPECT_MINCORE, ATLAS_EXPECT_IN_PAGES, take_mincore, "mincore a 64" },
  { "ok", ATLAS_EXPECT_OK, ATLAS_EXPECT_IN_WORDS, take_nothing, "ok" },
  { "error", ATLAS_EXPECT_ERROR, ATLAS_EXPECT_IN_WORDS, take_error, "error ENOMEM" },
  { "answer", ATLAS_EXPECT_ANSWER, ATLAS_EXPECT_IN_NUMBERS, take_answer,
    "answer arena=mmap, or answer usable >= 100000" },
  { "faults", ATLAS_EXPECT_FAULTS, ATLAS_EXPECT_IN_NUMBERS, take_amount, "faults >= 64" },
  { "major", ATLAS_EXPECT_MAJOR_FAULTS, ATLAS_EXPECT_IN_NUMBERS, take_major, "major faults 0" },
  { "region", ATLAS_EXPECT_REGION, ATLAS_EXPECT_IN_WORDS, take_region,
    "region [heap] exists, or region [heap] gone" },
  { "locked", ATLAS_EXPECT_LOCKED, ATLAS_EXPECT_IN_WORDS, take_locked,
    "locked a yes, or locked a no" },
  { "limit", ATLAS_EXPECT_LIMIT, ATLAS_EXPECT_IN_BYTES, take_limit, "limit memlock 8 MiB" },
  { "how", ATLAS_EXPECT_HOW, ATLAS_EXPECT_IN_WORDS, take_how, "how a brk (or mmap, arena, free)" },
};

static const Form counter_form = { NULL, ATLAS_EXPECT_CHANGE, ATLAS_EXPECT_IN_BYTES, take_counter,
                                   "VmSize +260 KiB for a change, VmLck = 0 for what it is, "
                                   "VmRSS >= +1 MiB, or RssAnon +128 KiB .. +140 KiB" };

static const Form *
find_form (AtlasExpectation *self, const char *word)
{
  self->counter = atlas_counter_from_name (word, strlen (word));
  if (self->counter != ATLAS_COUNTER_NONE)
    return &counter_form;
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    if (g_str_equal (forms[i].word, word))
      return &forms[i];
  return NULL;
}

/* "child b: …"; gives the words behind it, or NULL where that is no name. */
static const char *const *
take_process (AtlasExpectation *self, const char *const *words)
{
  gsize length;

  if (words[0] == NULL || !g_str_equal (words[0], "child"))
    return words;
  length = words[1] != NULL ? strlen (words[1]) : 0;
  if (length < 2 || words[1][length - 1] != ':')
    return NULL;
  g_free (self->process);
  self->process = g_strndup (words[1], length - 1);
  return words + 2;
}

static gboolean
read_words (AtlasExpectation *self, const char *const *words, GError **error)
{
  const Form *form;

  words = take_process (self, words);
  if (words == NULL || words[0] == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("“%s” is not complete: write “child b: pages a shared 64”"), self->text);
      return FALSE;
    }
  form = find_form (self, words[0]);
  if (form == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("“%s” is nothing that can be expected: it is no counter of status, and none "
                      "of syscall, no syscall, pages, mincore, ok, error, answer, faults, region, "
                      "locked, limit, how"),
                   words[0]);
      return FALSE;
    }
  self->kind = form->kind;
  self->unit = form->unit;
  if (form->take (self, words + 1))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("“%s” can't be understood: write %s"),
               self->text, form->shape);
  return FALSE;
}

/* Blanks and tabs, any number of them, part words. */
static char **
split_words (const char *text)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  char **words;

  for (const char *p = text + strspn (text, " \t"); *p != '\0'; p += strspn (p, " \t"))
    {
      gsize length = strcspn (p, " \t");
      g_autofree char *word = g_strndup (p, length);

      g_strv_builder_add (builder, word);
      p += length;
    }
  words = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return words;
}

AtlasExpectation *
atlas_expectation_parse (const char *text, guint line, GError **error)
{
  g_autofree char *clean = NULL;
  g_auto (GStrv) words = NULL;
  g_autoptr (AtlasExpectation) self = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > MOST_LINE)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("An expectation has at most %d characters"), MOST_LINE);
      return NULL;
    }
  /* A tab is a blank; the rest of what is not plain becomes visible. */
  words = split_words (text);
  clean = g_strjoinv (" ", words);
  g_strfreev (g_steal_pointer (&words));
  self = g_new0 (AtlasExpectation, 1);
  self->text = atlas_text_clean (clean, -1);
  self->process = g_strdup ("");
  self->line = line;
  self->counter = ATLAS_COUNTER_NONE;
  words = split_words (self->text);
  return read_words (self, (const char *const *) words, error) ? g_steal_pointer (&self) : NULL;
}
