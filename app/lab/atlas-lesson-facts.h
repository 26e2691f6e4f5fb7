/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was read of one step of a lesson, gathered so that expectations can be held against it: no
 * processes, no files, so that tests make facts by hand. */

#pragma once

#include "atlas-lesson-reading.h"

G_BEGIN_DECLS

/* How malloc came by memory, as lessons have it: NULL when that is not known. */
#define ATLAS_LESSON_BRK "brk"
#define ATLAS_LESSON_MMAP "mmap"
#define ATLAS_LESSON_ARENA "arena"
#define ATLAS_LESSON_FREE "free"

/* A command's answer. */
typedef struct
{
  char *command;
  gboolean ok, refused; /* refused: by the lab, as no command */
  char *error_name;     /* "ENOMEM", "SIGSEGV", "EXIT"; NULL when ok */
  char *error_text;
  GHashTable *fields; /* of the answer, name to text */
  guint64 minor_faults, major_faults;
} AtlasLessonAnswer;

typedef struct
{
  char *name;
  char *error; /* NULL: it did not fail */
} AtlasLessonCall;

/* Memory by its name in the lab, and the pages that hold a byte of it. */
typedef struct
{
  char *id;
  AtlasPageCounts pages; /* of those that are mapped */
  guint64 n_pages;       /* with those that are not */
  gboolean is_anonymous; /* where reading may give zero pages */
  AtlasLocked locked;    /* YES: all of it */
  guint64 mincore;       /* pages in memory; G_MAXUINT64: not known */
  const char *how;       /* one of the words above, or NULL */
} AtlasLessonRange;

/* One of the lab's processes. */
typedef struct
{
  char *name; /* "" or the fork's */
  gboolean has_before, has_after;
  AtlasStatus before, after;
  /* Bytes; of resident counters alone, see AtlasLessonReading. */
  gboolean has_exact;
  guint64 exact_before[ATLAS_N_COUNTERS], exact_after[ATLAS_N_COUNTERS];
  AtlasPageState told; /* page bits that could be told */
  gboolean has_regions;
  GPtrArray *regions; /* of char *: full names of the regions afterwards */
  AtlasLimits limits; /* none when they could not be read */
  GPtrArray *answers; /* of AtlasLessonAnswer, in order */
  GPtrArray *calls;   /* of AtlasLessonCall, in order */
  GPtrArray *ranges;  /* of AtlasLessonRange */
} AtlasLessonProcess;

typedef struct
{
  GPtrArray *processes; /* of AtlasLessonProcess */
  char *trace_problem;  /* why no calls were traced; NULL: they were */
} AtlasLessonFacts;

AtlasLessonFacts *atlas_lesson_facts_new (void);
void atlas_lesson_facts_free (AtlasLessonFacts *self);

/* NULL when nothing is known of it. (transfer none) */
AtlasLessonProcess *atlas_lesson_facts_find (const AtlasLessonFacts *self, const char *process);
/* The one there is, or a new one. (transfer none) */
AtlasLessonProcess *atlas_lesson_facts_add_process (AtlasLessonFacts *self, const char *process);

/* What was read of it before and after the step. Each may be NULL: it was not there, or could not
 * be read. */
void atlas_lesson_process_set_readings (AtlasLessonProcess *self,
                                        const AtlasLessonReading *before,
                                        const AtlasLessonReading *after);
AtlasLessonAnswer *atlas_lesson_process_add_answer (AtlasLessonProcess *self, const char *command);
void atlas_lesson_process_add_call (AtlasLessonProcess *self, const char *name, const char *error);
AtlasLessonRange *atlas_lesson_process_add_range (AtlasLessonProcess *self, const char *id);
/* NULL when there is none of that name. (transfer none) */
AtlasLessonRange *atlas_lesson_process_find_range (const AtlasLessonProcess *self, const char *id);
/* Counts the pages of @snapshot from address @start on into @range. */
void atlas_lesson_range_count (AtlasLessonRange *range,
                               AtlasSnapshot *snapshot,
                               guint64 start,
                               guint64 length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLessonFacts, atlas_lesson_facts_free)

G_END_DECLS
