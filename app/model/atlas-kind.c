/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The kinds of region in words. How they are told is in atlas-maps-kinds.c. */

#include "atlas-config.h"

#include "atlas-kind.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *id;
  char letter;
  const char *title;
  const char *explanation;
} KindText;

static const KindText kind_texts[ATLAS_N_KINDS] = {
  [ATLAS_KIND_HEAP] = { "heap", 'H', N_ ("Heap"),
                        N_ ("The main heap. malloc grows it with brk for requests below its mmap threshold, 128 KiB "
                            "at first.") },
  [ATLAS_KIND_ANONYMOUS] = { "anonymous", 'A', N_ ("Anonymous mmap"),
                             N_ ("Private memory with no file behind it, from mmap. malloc asks for it when a request is "
                                 "large and for the arenas of other threads. A name in brackets was given by the program "
                                 "itself.") },
  [ATLAS_KIND_SHARED] = { "shared", 'M', N_ ("Shared memory"),
                          N_ ("Memory that several processes can map and write: mmap with MAP_SHARED and "
                              "MAP_ANONYMOUS, /dev/shm, memfd or a System V segment. A child process inherits it.") },
  [ATLAS_KIND_PROGRAM] = { "program", 'P', N_ ("Program"),
                           N_ ("The code and constants of the program’s own file. Nobody writes here, so every process "
                               "that runs the program shares these pages.") },
  [ATLAS_KIND_DATA] = { "data", 'D', N_ ("Data"),
                        N_ ("Global variables of the program or of a library: .data, which starts as a private copy "
                            "of the file, and .bss right behind it, which starts as zeros.") },
  [ATLAS_KIND_LIBRARY] = { "library", 'L', N_ ("Library"),
                           N_ ("The code and constants of a shared library, mapped by the dynamic loader or by dlopen. "
                               "Every process that uses the library shares these pages.") },
  [ATLAS_KIND_FILE] = { "file", 'F', N_ ("File mapping"),
                        N_ ("Some other file that was mapped with mmap: a font, a locale, a database, a device. The "
                            "kernel reads a page of it when that page is touched.") },
  [ATLAS_KIND_STACK] = { "stack", 'S', N_ ("Stack"),
                         N_ ("The stack of the first thread. It grows downward by itself as it is used, up to the "
                             "stack limit.") },
  [ATLAS_KIND_THREAD_STACK] = { "thread-stack", 'T', N_ ("Thread stack"),
                                N_ ("The stack of another thread. To the kernel it is an ordinary mmap: it is told here by "
                                    "its size and the guard right below it, or by its name, and may be something else.") },
  [ATLAS_KIND_KERNEL] = { "kernel", 'K', N_ ("Kernel"),
                          N_ ("Put there by the kernel: [vdso] holds code that answers clock_gettime and the like "
                              "without a system call, [vvar] the data it needs.") },
  [ATLAS_KIND_GUARD] = { "guard", 'N', N_ ("No access"),
                         N_ ("The process may not even read here. This is a guard right beside a stack, a "
                             "reservation to be opened up later, or memory that mprotect closed; what was written "
                             "before that stays in memory.") },
};

const char *
atlas_kind_get_id (AtlasKind kind)
{
  g_return_val_if_fail (kind < ATLAS_N_KINDS, NULL);

  return kind_texts[kind].id;
}

const char *
atlas_kind_get_title (AtlasKind kind)
{
  g_return_val_if_fail (kind < ATLAS_N_KINDS, NULL);

  return _ (kind_texts[kind].title);
}

const char *
atlas_kind_get_explanation (AtlasKind kind)
{
  g_return_val_if_fail (kind < ATLAS_N_KINDS, NULL);

  return _ (kind_texts[kind].explanation);
}

char
atlas_kind_get_letter (AtlasKind kind)
{
  g_return_val_if_fail (kind < ATLAS_N_KINDS, '?');

  return kind_texts[kind].letter;
}
