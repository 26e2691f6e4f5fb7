/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a region is for, told from its line of maps. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ATLAS_KIND_HEAP,         /* [heap], grown by brk */
  ATLAS_KIND_ANONYMOUS,    /* private, no file: mmap, malloc above its threshold, [anon:NAME] */
  ATLAS_KIND_SHARED,       /* shared memory: MAP_SHARED|MAP_ANONYMOUS, /dev/shm, memfd, SysV */
  ATLAS_KIND_PROGRAM,      /* the executable's own text and read-only parts */
  ATLAS_KIND_DATA,         /* a program's or library's writable parts, .bss behind them included */
  ATLAS_KIND_LIBRARY,      /* a shared library's text and read-only parts */
  ATLAS_KIND_FILE,         /* any other mapped file */
  ATLAS_KIND_STACK,        /* [stack], the first thread's */
  ATLAS_KIND_THREAD_STACK, /* another thread's, as far as it can be told (guard page below, name) */
  ATLAS_KIND_KERNEL,       /* [vdso], [vvar], [vsyscall] ... */
  ATLAS_KIND_GUARD,        /* no access, no file: a guard, a reservation, closed by mprotect */
  ATLAS_N_KINDS
} AtlasKind;

/* For machines: "heap", "anonymous", "shared", "program", "data", "library", "file", "stack",
 * "thread-stack", "kernel", "guard". A promise of `show --json`. */
const char *atlas_kind_get_id (AtlasKind kind);
/* For people, translated: "Heap", "Anonymous mmap", "Thread stack" ... */
const char *atlas_kind_get_title (AtlasKind kind);
/* One or two sentences, translated: how such a region comes about. */
const char *atlas_kind_get_explanation (AtlasKind kind);
/* The letter that stands for it where colour is not enough: H heap, A anonymous, M shared memory,
 * P program, D data, L library, F file, S stack, T thread stack, K kernel, N no access. */
char atlas_kind_get_letter (AtlasKind kind);

G_END_DECLS
