/* SPDX-License-Identifier: GPL-3.0-or-later */

/* glibc keeps them in a static structure (malloc.c, struct malloc_par mp_), of which the first
 * words have been the same for many versions, 2.36 to 2.41 among them:
 *
 *   size_t trim_threshold, top_pad, mmap_threshold, arena_test, arena_max, …
 *   int … n_mmaps, n_mmaps_max, max_n_mmaps, no_dyn_threshold;
 *
 * It is found by arena_test: mallopt sets it to one odd value, then to another, and of all words of
 * the library's writable data only one follows. That parameter, unlike the others, does not stop
 * the threshold from moving by itself, and before the first thread nothing uses it. What was there
 * before is known from a copy, and is put back. The rest must look as it does in a process that has
 * not allocated yet, or it is not believed. */

#include "atlas-thresholds.h"

#include <limits.h>
#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "atlas-answer.h"

/* Odd, and unlike any count or size. */
#define FIRST_MARK 0x2b67a1d
#define SECOND_MARK 0x51c3e97
#define DEFAULT_MMAP_MAX 65536
/* Where the integers may be, in words behind arena_test: huge pages came between, and may grow. */
#define MOST_WORDS_BETWEEN 12

typedef struct
{
  uintptr_t inside; /* an address of the library that has malloc */
  size_t *start;    /* its writable data */
  size_t n_words;
} Data;

static const size_t *arena_test;
static const int *no_dyn_threshold;

static bool
holds (const struct dl_phdr_info *object, const ElfW (Phdr) * segment, uintptr_t address)
{
  uintptr_t start = object->dlpi_addr + segment->p_vaddr;

  return segment->p_type == PT_LOAD && address >= start && address < start + segment->p_memsz;
}

static int
find_data_cb (struct dl_phdr_info *object, size_t size, void *user)
{
  const ElfW (Phdr) *segments = object->dlpi_phdr;
  Data *data = user;
  bool ours = false;

  for (int i = 0; i < object->dlpi_phnum; i++)
    ours = ours || holds (object, &segments[i], data->inside);
  for (int i = 0; ours && i < object->dlpi_phnum; i++)
    if (segments[i].p_type == PT_LOAD && segments[i].p_flags & PF_W)
      {
        uintptr_t start = object->dlpi_addr + segments[i].p_vaddr;
        uintptr_t aligned = (start + sizeof (size_t) - 1) / sizeof (size_t) * sizeof (size_t);

        data->start = (size_t *) aligned;
        data->n_words = (start + segments[i].p_memsz - aligned) / sizeof (size_t);
      }
  return ours;
}

/* The one word that was not FIRST_MARK in @before and became it and then SECOND_MARK, or NULL. */
static const size_t *
find_follower (const Data *data, const size_t *before, size_t *after_first)
{
  const size_t *found = NULL;

  if (!mallopt (M_ARENA_TEST, FIRST_MARK))
    return NULL;
  memcpy (after_first, data->start, data->n_words * sizeof (size_t));
  if (!mallopt (M_ARENA_TEST, SECOND_MARK))
    return NULL;
  for (size_t i = 0; i < data->n_words; i++)
    if (before[i] != FIRST_MARK && after_first[i] == FIRST_MARK && data->start[i] == SECOND_MARK)
      {
        if (found != NULL)
          return NULL;
        found = &data->start[i];
      }
  return found;
}

/* The integers behind arena_test: none mapped yet, of at most 65536, and whether the threshold has
 * been set. */
static const int *
find_no_dyn_threshold (const size_t *from, const size_t *end)
{
  const int *p = (const int *) (from + 1);

  for (; (const size_t *) (p + 3) < end && p < (const int *) (from + MOST_WORDS_BETWEEN); p++)
    if (p[0] == 0 && p[1] == DEFAULT_MMAP_MAX && p[2] == 0 && (p[3] == 0 || p[3] == 1))
      return &p[3];
  return NULL;
}

/* With room for two copies of the data. */
static void
search (const Data *data, size_t *copies)
{
  const size_t *found;
  size_t old;

  memcpy (copies, data->start, data->n_words * sizeof (size_t));
  found = find_follower (data, copies, copies + data->n_words);
  if (found == NULL || found - data->start < 3)
    return;
  old = copies[found - data->start];
  /* more than mallopt can put back was not put there by it */
  if (old > INT_MAX || !mallopt (M_ARENA_TEST, (int) old))
    return;
  no_dyn_threshold = find_no_dyn_threshold (found, data->start + data->n_words);
  if (no_dyn_threshold != NULL)
    arena_test = found;
}

void
atlas_thresholds_init (void)
{
  int (*volatile function) (int, int) = mallopt;
  Data data = { (uintptr_t) function, NULL, 0 };
  size_t length;
  void *copies;

  /* nothing is set to 0, but a malloc that is not glibc's says that it knows no parameters */
  if (!mallopt (M_ARENA_TEST, 0) || !dl_iterate_phdr (find_data_cb, &data) || data.start == NULL)
    return;
  length = 2 * data.n_words * sizeof (size_t);
  copies = mmap (NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (copies == MAP_FAILED)
    return;
  search (&data, copies);
  munmap (copies, length);
}

AtlasThresholds
atlas_thresholds_get (void)
{
  const volatile size_t *words = arena_test;
  AtlasThresholds now = { .known = words != NULL };

  if (words == NULL)
    return now;
  now.mmap_threshold = words[-1];
  now.top_pad = words[-2];
  now.trim_threshold = words[-3];
  now.dynamic = *(const volatile int *) no_dyn_threshold ? ATLAS_DYNAMIC_NO : ATLAS_DYNAMIC_YES;
  return now;
}

static void
answer_bytes (const char *name, bool known, size_t bytes)
{
  if (known)
    atlas_answer_number (name, bytes);
  else
    atlas_answer_word (name, "unknown");
}

void
atlas_thresholds_answer (void)
{
  static const char *const words[] = { "unknown", "yes", "no" };
  AtlasThresholds now = atlas_thresholds_get ();

  answer_bytes ("mmap_threshold", now.known, now.mmap_threshold);
  answer_bytes ("trim_threshold", now.known, now.trim_threshold);
  answer_bytes ("top_pad", now.known, now.top_pad);
  atlas_answer_word ("dynamic", words[now.dynamic]);
}
