/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands of the lab as C: what a command is in C, and a program that does all that was done. The
 * two come from one table, so that what is shown is what the program has. Everything here follows
 * from the commands and their answers alone. */

#pragma once

#include "atlas-lab-answer.h"
#include "atlas-lab-command.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_LAB_VERB_CHANGES = 1 << 0,   /* which allocations, threads or forks there are */
  ATLAS_LAB_VERB_ALLOCATES = 1 << 1, /* it gives memory to the allocation it names, by malloc */
  ATLAS_LAB_VERB_LIMITS = 1 << 2,    /* resource limits */
  ATLAS_LAB_VERB_ASKS = 1 << 3,      /* what it does is what it answers */
} AtlasLabVerbFlags;

/* What the first word of a command may be. */
typedef struct
{
  const char *name;
  guint least_words, most_words; /* its name included */
  AtlasLabVerbFlags flags;
} AtlasLabVerb;

/* NULL for a word that is none. */
const AtlasLabVerb *atlas_lab_verb_find (const char *name);

typedef struct _AtlasLabCode AtlasLabCode;

AtlasLabCode *atlas_lab_code_new (void);
void atlas_lab_code_free (AtlasLabCode *self);

/* The limit that the process began with, in bytes; the program sets the same. 0: none. */
void atlas_lab_code_set_address_space (AtlasLabCode *self, guint64 bytes);

/**
 * atlas_lab_code_add:
 * @command: what was done after all that was added before
 * @answer: (nullable): what came of it; NULL when the process ended in it
 * @ending: (nullable): then, how
 *
 * Returns: (transfer full): the C lines that this is, without a newline at the end; "" when it is
 * nothing in C. Lines use variables by the names of allocations, and page() and pages() of the
 * program.
 */
char *atlas_lab_code_add (AtlasLabCode *self,
                          const AtlasLabCommand *command,
                          const AtlasLabAnswer *answer,
                          const char *ending);

/* A complete program, that compiles without warnings. (transfer full) */
char *atlas_lab_code_dup_program (AtlasLabCode *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLabCode, atlas_lab_code_free)

G_END_DECLS
