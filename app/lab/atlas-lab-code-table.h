/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table: each command and the function that writes what it is in C. */

#pragma once

#include "atlas-lab-code-private.h"

G_BEGIN_DECLS

typedef struct
{
  AtlasLabVerb verb;
  /* NULL for what is a question to the lab alone. The number of words is right. */
  void (*write) (AtlasStep *step);
} AtlasCodeRow;

/* Ended by a row without a name. */
extern const AtlasCodeRow atlas_code_rows[];

/* atlas-lab-code-malloc.c */
void atlas_code_malloc (AtlasStep *step);
void atlas_code_calloc (AtlasStep *step);
void atlas_code_realloc (AtlasStep *step);
void atlas_code_aligned_alloc (AtlasStep *step);
void atlas_code_free (AtlasStep *step);
void atlas_code_usable (AtlasStep *step);
void atlas_code_mallopt (AtlasStep *step);
void atlas_code_malloc_trim (AtlasStep *step);
void atlas_code_malloc_stats (AtlasStep *step);
void atlas_code_malloc_info (AtlasStep *step);
void atlas_code_mallinfo (AtlasStep *step);
void atlas_code_sbrk (AtlasStep *step);

/* atlas-lab-code-mmap.c */
void atlas_code_mmap (AtlasStep *step);
void atlas_code_memfd (AtlasStep *step);
void atlas_code_munmap (AtlasStep *step);
void atlas_code_mremap (AtlasStep *step);
void atlas_code_mprotect (AtlasStep *step);
void atlas_code_mlock (AtlasStep *step);
void atlas_code_munlock (AtlasStep *step);
void atlas_code_mlockall (AtlasStep *step);
void atlas_code_munlockall (AtlasStep *step);
void atlas_code_madvise (AtlasStep *step);
void atlas_code_mincore (AtlasStep *step);

/* atlas-lab-code-process.c */
void atlas_code_touch (AtlasStep *step);
void atlas_code_fill (AtlasStep *step);
void atlas_code_overflow (AtlasStep *step);
void atlas_code_getrlimit (AtlasStep *step);
void atlas_code_setrlimit (AtlasStep *step);
void atlas_code_dropcaps (AtlasStep *step);
void atlas_code_thread (AtlasStep *step);
void atlas_code_fork (AtlasStep *step);
void atlas_code_exit (AtlasStep *step);

/* --- atlas-lab-code-arguments.c: reading words as the subject does --- */

/* Bytes. FALSE for what is no size. */
gboolean atlas_step_take_size (const AtlasStep *step, const char *word, guint64 *size);
/* "from A to B" at word @index: pages. FALSE when that is not there. */
gboolean atlas_step_take_range (const AtlasStep *step, guint index, guint64 *first, guint64 *end);
/* "a, 102400", the pages that hold it, or those from word @index on. (transfer full) */
char *atlas_step_dup_pages (AtlasStep *step, const AtlasMemory *memory, guint index);
/* The same where only whole pages will do; NULL when there is none. (transfer full) */
char *atlas_step_dup_whole_pages (AtlasStep *step, const AtlasMemory *memory, guint index);
/* "PROT_READ | PROT_WRITE", or NULL. (transfer full) */
char *atlas_step_dup_protection (const char *word);
/* "A|B" as "A | B". (transfer full) */
char *atlas_code_dup_flags (const char *text);

G_END_DECLS
