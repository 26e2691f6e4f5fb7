/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of commands, and doing one. */

#pragma once

#include "atlas-line.h"

typedef struct
{
  const char *name;
  int least_words, most_words; /* its name included */
  const char *usage;
  const char *summary;
  const char *details; /* lines, or NULL */
  void (*run) (const AtlasWords *words);
} AtlasCommand;

/* Ended by a row without a name. */
extern const AtlasCommand atlas_commands[];

const AtlasCommand *atlas_command_find (const char *name);

/* Does one command and writes its answer. */
void atlas_command_run (const AtlasWords *words);
/* The same, as part of another command, which ends the answer. */
void atlas_command_run_inside (const AtlasWords *words);

/* Does what standard input says until it ends; gives the status to exit with. */
int atlas_command_serve (void);

/* The commands, by the file they are in. Each gives one answer, but does not end it. */

/* atlas-run-malloc.c */
void atlas_run_malloc (const AtlasWords *words);
void atlas_run_calloc (const AtlasWords *words);
void atlas_run_realloc (const AtlasWords *words);
void atlas_run_aligned_alloc (const AtlasWords *words);
void atlas_run_free (const AtlasWords *words);
void atlas_run_usable (const AtlasWords *words);

/* atlas-run-mmap.c */
void atlas_run_mmap (const AtlasWords *words);
void atlas_run_memfd (const AtlasWords *words);

/* atlas-run-mapping.c */
void atlas_run_munmap (const AtlasWords *words);
void atlas_run_mremap (const AtlasWords *words);
void atlas_run_mprotect (const AtlasWords *words);

/* atlas-run-sbrk.c */
void atlas_run_sbrk (const AtlasWords *words);

/* atlas-run-access.c */
void atlas_run_touch (const AtlasWords *words);
void atlas_run_fill (const AtlasWords *words);
void atlas_run_overflow (const AtlasWords *words);

/* atlas-run-lock.c */
void atlas_run_mlock (const AtlasWords *words);
void atlas_run_munlock (const AtlasWords *words);
void atlas_run_mlockall (const AtlasWords *words);
void atlas_run_munlockall (const AtlasWords *words);

/* atlas-run-advise.c */
void atlas_run_madvise (const AtlasWords *words);
void atlas_run_mincore (const AtlasWords *words);

/* atlas-run-tune.c */
void atlas_run_mallopt (const AtlasWords *words);
void atlas_run_malloc_trim (const AtlasWords *words);
void atlas_run_thresholds (const AtlasWords *words);

/* atlas-run-report.c */
void atlas_run_malloc_stats (const AtlasWords *words);
void atlas_run_malloc_info (const AtlasWords *words);
void atlas_run_mallinfo (const AtlasWords *words);

/* atlas-run-limit.c */
void atlas_run_getrlimit (const AtlasWords *words);
void atlas_run_setrlimit (const AtlasWords *words);

/* atlas-run-privilege.c */
void atlas_run_dropcaps (const AtlasWords *words);

/* atlas-run-thread.c */
void atlas_run_thread (const AtlasWords *words);

/* atlas-run-fork.c */
void atlas_run_fork (const AtlasWords *words);
void atlas_run_child (const AtlasWords *words);

/* atlas-run-list.c */
void atlas_run_list (const AtlasWords *words);
void atlas_run_help (const AtlasWords *words);
void atlas_run_exit (const AtlasWords *words);
