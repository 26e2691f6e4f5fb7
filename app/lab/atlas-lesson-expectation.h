/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One line of an `expect` block: what must be seen after a step. It can be said as a sentence, and
 * asked as a question, so that a person may predict it. Immutable once read.
 *
 *     VmSize +260 KiB          by how much a counter changes: exactly;
 *     VmRSS >= +1 MiB          at least, at most (<=), within:
 *     RssAnon +128 KiB .. +140 KiB
 *     VmLck = 0                what a counter is after the step
 *     syscall mmap             a call that was made; syscall mlock ENOMEM: and failed with that
 *     no syscall mmap
 *     pages a resident 64      of those that a lies on: absent, resident, zero, shared, exclusive,
 *                              huge, swapped, file
 *     mincore a 64             in memory, as mincore says
 *     ok                       all commands succeeded (meant where nothing else is said)
 *     error ENOMEM             the last one failed with that errno or signal, those before did not
 *     answer arena=mmap        a field of the last command's answer
 *     answer usable >= 100000
 *     faults >= 64             minor page faults of the step's commands; major faults 0
 *     region [heap] exists     or gone: a region of that name
 *     locked a yes             or no: all of its regions are (VmFlags lo)
 *     limit memlock 8 MiB      the soft limit afterwards
 *     how a brk                or mmap, arena, free: where malloc got it, by the calls it made
 *     child b: pages a shared 64         of a fork
 *
 * Numbers of pages and faults and fields of answers take =, >=, <= and .. as counters do. */

#pragma once

#include "atlas-counter.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_EXPECT_CHANGE,  /* of counter, bytes */
  ATLAS_EXPECT_VALUE,   /* of counter, bytes */
  ATLAS_EXPECT_SYSCALL, /* name, perhaps word: the errno */
  ATLAS_EXPECT_NO_SYSCALL,
  ATLAS_EXPECT_PAGES, /* name: the allocation; word: the state */
  ATLAS_EXPECT_MINCORE,
  ATLAS_EXPECT_OK,
  ATLAS_EXPECT_ERROR,  /* word: errno or signal */
  ATLAS_EXPECT_ANSWER, /* name: the field; word, or an amount where word is NULL */
  ATLAS_EXPECT_FAULTS,
  ATLAS_EXPECT_MAJOR_FAULTS,
  ATLAS_EXPECT_REGION, /* name; word: exists, gone */
  ATLAS_EXPECT_LOCKED, /* name; word: yes, no */
  ATLAS_EXPECT_LIMIT,  /* name: of the limit; bytes or a count */
  ATLAS_EXPECT_HOW,    /* name; word: brk, mmap, arena, free */
  ATLAS_N_EXPECTS
} AtlasExpectKind;

/* What a prediction, and what is seen, is counted in. */
typedef enum
{
  ATLAS_EXPECT_IN_BYTES,
  ATLAS_EXPECT_IN_PAGES,
  ATLAS_EXPECT_IN_NUMBERS,
  ATLAS_EXPECT_IN_WORDS, /* one of choices, or any where there are none */
} AtlasExpectUnit;

typedef struct
{
  AtlasExpectKind kind;
  AtlasExpectUnit unit;
  guint line;           /* in the file, from 1; 0: nobody wrote it, it is meant (ok) */
  char *text;           /* as written, blanks evened out: "VmSize +260 KiB" */
  char *process;        /* "" or the fork's name */
  AtlasCounter counter; /* or ATLAS_COUNTER_NONE */
  char *name;           /* see the kinds; or NULL */
  char *word;
  gint64 least, most; /* both included; G_MININT64, G_MAXINT64: no such bound */
  gboolean asked;     /* a person should be asked to predict it */
  char *hint;         /* for that, clean UTF-8; or NULL */
} AtlasExpectation;

/* @text: one line, without its newline. Errors: G_IO_ERROR_INVALID_DATA, a sentence that does not
 * name the line. */
AtlasExpectation *atlas_expectation_parse (const char *text, guint line, GError **error);
void atlas_expectation_free (AtlasExpectation *self);

/* "VmSize grows by exactly 260 KiB." Newly allocated, translated, clean. */
char *atlas_expectation_dup_sentence (const AtlasExpectation *self);
/* "By how much does VmSize change?" */
char *atlas_expectation_dup_question (const AtlasExpectation *self);
/* "brk", "mmap" ...: the words to choose from, NULL-terminated; NULL: a number, or any word. */
const char *const *atlas_expectation_get_choices (const AtlasExpectation *self);
/* "+260 KiB", "64 pages", "mmap": @value in its unit, or @word where it is in words. */
char *atlas_expectation_format (const AtlasExpectation *self, gint64 value, const char *word);

/**
 * atlas_expectation_read_prediction:
 * @typed: what a person typed or chose: "260 KiB", "+266240", "−4K", "64", "mmap"
 * @value: (out): in the expectation's unit, when that is no word
 * @word: (out): newly allocated, when it is; else NULL
 *
 * A bare number of bytes is bytes. FALSE when it can't be understood.
 */
gboolean atlas_expectation_read_prediction (const AtlasExpectation *self,
                                            const char *typed,
                                            gint64 *value,
                                            char **word);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasExpectation, atlas_expectation_free)

G_END_DECLS
