/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Expectations as sentences and as questions, and what people answer to these. */

#include "atlas-config.h"

#include "atlas-lesson-expectation.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-lesson-amount.h"
#include "atlas-text.h"

static const char *const calls_choices[] = { "yes", "no", NULL };
static const char *const error_choices[] = { "success", "ENOMEM", "EAGAIN",  "EPERM",  "EINVAL",
                                             "EACCES",  "EFAULT", "SIGSEGV", "SIGBUS", NULL };
static const char *const region_choices[] = { "exists", "gone", NULL };
static const char *const how_choices[] = { "brk", "mmap", "arena", "free", NULL };

/* Bounds as they are said of what is counted: "exactly 8 MiB", "at least 64". */
static char *
say_amount (const AtlasExpectation *self)
{
  AtlasExpectUnit unit = self->unit == ATLAS_EXPECT_IN_PAGES ? ATLAS_EXPECT_IN_NUMBERS : self->unit;
  g_autofree char *least = atlas_lesson_number_format (self->least, unit);
  g_autofree char *most = atlas_lesson_number_format (self->most, unit);

  if (self->least == self->most)
    return g_strdup_printf (_ ("exactly %s"), least);
  if (self->most == G_MAXINT64)
    return g_strdup_printf (_ ("at least %s"), least);
  if (self->least == G_MININT64)
    return g_strdup_printf (_ ("at most %s"), most);
  return g_strdup_printf (_ ("%s to %s"), least, most);
}

static char *
say_change (const AtlasExpectation *self)
{
  const char *counter = atlas_counter_get_name (self->counter);
  gboolean exact = self->least == self->most;
  gboolean open = self->least == G_MININT64 || self->most == G_MAXINT64;
  gint64 bound = self->least == G_MININT64 ? self->most : self->least;
  g_autofree char *size = atlas_lesson_number_format (bound, ATLAS_EXPECT_IN_BYTES);
  g_autofree char *least = atlas_lesson_change_format (self->least);
  g_autofree char *most = atlas_lesson_change_format (self->most);

  if (exact && bound == 0)
    return g_strdup_printf (_ ("%s does not change."), counter);
  if (exact && bound > 0)
    return g_strdup_printf (_ ("%s grows by exactly %s."), counter, size);
  if (exact)
    return g_strdup_printf (_ ("%s shrinks by exactly %s."), counter, size);
  if (open && self->most == G_MAXINT64 && bound >= 0)
    return g_strdup_printf (_ ("%s grows by at least %s."), counter, size);
  if (open && self->least == G_MININT64 && bound <= 0)
    return g_strdup_printf (_ ("%s shrinks by at least %s."), counter, size);
  if (open && bound >= 0)
    return g_strdup_printf (_ ("%s grows by at most %s."), counter, size);
  if (open)
    return g_strdup_printf (_ ("%s shrinks by at most %s."), counter, size);
  return g_strdup_printf (_ ("%s changes by %s to %s."), counter, least, most);
}

static char *
say_value (const AtlasExpectation *self)
{
  g_autofree char *amount = say_amount (self);

  return g_strdup_printf (_ ("%s is %s then."), atlas_counter_get_name (self->counter), amount);
}

static char *
say_call (const AtlasExpectation *self)
{
  if (self->kind == ATLAS_EXPECT_NO_SYSCALL)
    return g_strdup_printf (_ ("%s is not called."), self->name);
  if (self->word != NULL)
    return g_strdup_printf (_ ("%s is called and fails with %s."), self->name, self->word);
  return g_strdup_printf (_ ("%s is called."), self->name);
}

static char *
say_pages (const AtlasExpectation *self)
{
  g_autofree char *amount = say_amount (self);

  if (self->kind == ATLAS_EXPECT_MINCORE)
    return g_strdup_printf (_ ("Pages of “%s” in memory by mincore: %s."), self->name, amount);
  if (g_str_equal (self->word, "file"))
    return g_strdup_printf (_ ("Pages of “%s” that belong to a file: %s."), self->name, amount);
  return g_strdup_printf (_ ("Pages of “%s” that are %s: %s."), self->name, self->word, amount);
}

static char *
say_end (const AtlasExpectation *self)
{
  return self->kind == ATLAS_EXPECT_OK
             ? g_strdup (_ ("All commands succeed."))
             : g_strdup_printf (_ ("The last command fails with %s."), self->word);
}

static char *
say_answer (const AtlasExpectation *self)
{
  g_autofree char *amount = self->word == NULL ? say_amount (self) : NULL;

  return g_strdup_printf (_ ("In the answer, %s is %s."), self->name,
                          amount != NULL ? amount : self->word);
}

static char *
say_faults (const AtlasExpectation *self)
{
  g_autofree char *amount = say_amount (self);

  return g_strdup_printf (self->kind == ATLAS_EXPECT_FAULTS ? _ ("Minor page faults: %s.")
                                                            : _ ("Major page faults: %s."),
                          amount);
}

static char *
say_region (const AtlasExpectation *self)
{
  return g_strdup_printf (g_str_equal (self->word, "exists") ? _ ("There is a region “%s” then.")
                                                             : _ ("There is no region “%s” then."),
                          self->name);
}

static char *
say_locked (const AtlasExpectation *self)
{
  return g_strdup_printf (g_str_equal (self->word, "yes") ? _ ("“%s” is locked then.")
                                                          : _ ("“%s” is not locked then."),
                          self->name);
}

static char *
say_limit (const AtlasExpectation *self)
{
  g_autofree char *amount = self->word == NULL ? say_amount (self) : NULL;

  return g_strdup_printf (_ ("The soft limit “%s” is %s then."), self->name,
                          amount != NULL ? amount : _ ("unlimited"));
}

static char *
say_how (const AtlasExpectation *self)
{
  if (g_str_equal (self->word, "free"))
    return g_strdup_printf (_ ("“%s” is from memory that malloc has; no call is made for it."),
                            self->name);
  if (g_str_equal (self->word, "arena"))
    return g_strdup_printf (_ ("“%s” is from a thread's arena, which is extended for it."),
                            self->name);
  return g_strdup_printf (_ ("“%s” is obtained by %s."), self->name, self->word);
}

static char *(*const sayings[ATLAS_N_EXPECTS]) (const AtlasExpectation *) = {
  [ATLAS_EXPECT_CHANGE] = say_change,
  [ATLAS_EXPECT_VALUE] = say_value,
  [ATLAS_EXPECT_SYSCALL] = say_call,
  [ATLAS_EXPECT_NO_SYSCALL] = say_call,
  [ATLAS_EXPECT_PAGES] = say_pages,
  [ATLAS_EXPECT_MINCORE] = say_pages,
  [ATLAS_EXPECT_OK] = say_end,
  [ATLAS_EXPECT_ERROR] = say_end,
  [ATLAS_EXPECT_ANSWER] = say_answer,
  [ATLAS_EXPECT_FAULTS] = say_faults,
  [ATLAS_EXPECT_MAJOR_FAULTS] = say_faults,
  [ATLAS_EXPECT_REGION] = say_region,
  [ATLAS_EXPECT_LOCKED] = say_locked,
  [ATLAS_EXPECT_LIMIT] = say_limit,
  [ATLAS_EXPECT_HOW] = say_how,
};

/* Of a fork, it is said which one. */
static char *
add_process (const AtlasExpectation *self, char *sentence)
{
  g_autofree char *owned = sentence;

  if (self->process[0] == '\0')
    return g_steal_pointer (&owned);
  return g_strdup_printf (_ ("In the child “%s”: %s"), self->process, owned);
}

char *
atlas_expectation_dup_sentence (const AtlasExpectation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return add_process (self, sayings[self->kind](self));
}

static char *
ask (const AtlasExpectation *self)
{
  switch (self->kind)
    {
    case ATLAS_EXPECT_CHANGE:
      return g_strdup_printf (_ ("By how much does %s change?"),
                              atlas_counter_get_name (self->counter));
    case ATLAS_EXPECT_VALUE:
      return g_strdup_printf (_ ("How much is %s then?"), atlas_counter_get_name (self->counter));
    case ATLAS_EXPECT_SYSCALL:
      if (self->word != NULL)
        return g_strdup_printf (_ ("How does %s end?"), self->name);
      G_GNUC_FALLTHROUGH;
    case ATLAS_EXPECT_NO_SYSCALL:
      return g_strdup_printf (_ ("Is %s called?"), self->name);
    case ATLAS_EXPECT_PAGES:
      if (g_str_equal (self->word, "file"))
        return g_strdup_printf (_ ("How many pages of “%s” belong to a file then?"), self->name);
      return g_strdup_printf (_ ("How many pages of “%s” are %s then?"), self->name, self->word);
    case ATLAS_EXPECT_MINCORE:
      return g_strdup_printf (_ ("How many pages of “%s” are in memory by mincore?"), self->name);
    case ATLAS_EXPECT_OK:
    case ATLAS_EXPECT_ERROR:
      return g_strdup (_ ("Does the last command succeed, or how does it fail?"));
    case ATLAS_EXPECT_ANSWER:
      return g_strdup_printf (_ ("What is %s in the answer?"), self->name);
    case ATLAS_EXPECT_FAULTS:
      return g_strdup (_ ("How many minor page faults does it take?"));
    case ATLAS_EXPECT_MAJOR_FAULTS:
      return g_strdup (_ ("How many major page faults does it take?"));
    case ATLAS_EXPECT_REGION:
      return g_strdup_printf (_ ("Is there a region “%s” then?"), self->name);
    case ATLAS_EXPECT_LOCKED:
      return g_strdup_printf (_ ("Is “%s” locked then?"), self->name);
    case ATLAS_EXPECT_LIMIT:
      return g_strdup_printf (_ ("How much is the soft limit “%s” then?"), self->name);
    case ATLAS_EXPECT_HOW:
      return g_strdup_printf (_ ("How does malloc obtain “%s”?"), self->name);
    case ATLAS_N_EXPECTS:
      break;
    }
  g_assert_not_reached ();
}

char *
atlas_expectation_dup_question (const AtlasExpectation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return add_process (self, ask (self));
}

const char *const *
atlas_expectation_get_choices (const AtlasExpectation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  switch (self->kind)
    {
    case ATLAS_EXPECT_SYSCALL:
      return self->word != NULL ? error_choices : calls_choices;
    case ATLAS_EXPECT_NO_SYSCALL:
    case ATLAS_EXPECT_LOCKED:
      return calls_choices;
    case ATLAS_EXPECT_OK:
    case ATLAS_EXPECT_ERROR:
      return error_choices;
    case ATLAS_EXPECT_REGION:
      return region_choices;
    case ATLAS_EXPECT_HOW:
      return how_choices;
    case ATLAS_EXPECT_CHANGE:
    case ATLAS_EXPECT_VALUE:
    case ATLAS_EXPECT_PAGES:
    case ATLAS_EXPECT_MINCORE:
    case ATLAS_EXPECT_ANSWER:
    case ATLAS_EXPECT_FAULTS:
    case ATLAS_EXPECT_MAJOR_FAULTS:
    case ATLAS_EXPECT_LIMIT:
    case ATLAS_N_EXPECTS:
      break;
    }
  return NULL;
}

char *
atlas_expectation_format (const AtlasExpectation *self, gint64 value, const char *word)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (word != NULL)
    return atlas_text_clean (word, -1);
  return self->kind == ATLAS_EXPECT_CHANGE ? atlas_lesson_change_format (value)
                                           : atlas_lesson_number_format (value, self->unit);
}

static char *
read_word (const AtlasExpectation *self, const char *typed)
{
  const char *const *choices = atlas_expectation_get_choices (self);
  g_autofree char *word = g_strstrip (g_strdup (typed));

  if (choices == NULL)
    return *word != '\0' ? atlas_text_clean (word, -1) : NULL;
  for (; *choices != NULL; choices++)
    if (g_ascii_strcasecmp (*choices, word) == 0)
      return g_strdup (*choices);
  return NULL;
}

gboolean
atlas_expectation_read_prediction (const AtlasExpectation *self,
                                   const char *typed,
                                   gint64 *value,
                                   char **word)
{
  gboolean unlimited = self->kind == ATLAS_EXPECT_LIMIT && strstr (typed, "unlimited") != NULL;

  *word = NULL;
  if (self->unit != ATLAS_EXPECT_IN_WORDS && !unlimited)
    return atlas_lesson_number_parse (typed, self->unit, value);
  *word = unlimited ? g_strdup ("unlimited") : read_word (self, typed);
  return *word != NULL;
}
