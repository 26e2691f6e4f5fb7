/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tells what each region is for. Most of it follows from a region's own line: its name, its
 * permissions, whether its file is the program's or is mapped as code anywhere. Two things show in
 * the neighbours only:
 *
 * .bss is anonymous memory that begins exactly where a writable part of an executable file ends. A
 * library is often mapped right below some mmap, though, which then looks the same. So what is
 * larger than all of the library below it is taken for an mmap: a guess, too, but a program's own
 * .bss, which can be of any size, has nothing above it but the heap.
 *
 * A thread's stack is an ordinary mmap. pthread_create maps stack and guard together and takes all
 * access from the lowest part, so a stack is writable anonymous memory right above a small region
 * without access, and its size is a round one (8 MiB, or what the program asked for). Where there
 * is but one thread, there is none. That is a guess, and the explanation of the kind says so. It
 * misses stacks of odd sizes, and those whose guard leaves no trace in maps (MADV_GUARD_INSTALL,
 * glibc 2.42 on Linux 6.13). What must not be taken for a guard is the unused end of a malloc
 * arena: arenas are aligned to their size, so that end is a multiple of it and the arena lies right
 * below. */

#include "atlas-maps.h"

#include "atlas-backing.h"

#include <string.h>

#define DELETED " (deleted)"
#define KIB G_GUINT64_CONSTANT (1024)
#define MIB (1024 * KIB)

#define MOST_GUARD (64 * KIB)
#define LEAST_STACK (64 * KIB)
#define MOST_STACK (1024 * MIB)
/* What may have grown together with a stack from above, as neighbours with equal rights do. */
#define MOST_MERGED (256 * KIB)
#define DEFAULT_STACK (8 * MIB)

/* HEAP_MAX_SIZE of glibc: twice the largest mmap threshold, by the size of a long. */
#define ARENA_64 (64 * MIB)
#define ARENA_32 MIB

typedef struct
{
  AtlasRegion *const *regions;
  guint n_regions;
  AtlasKind *kinds;     /* told so far: of all regions below */
  char *program;        /* as maps would write it, or NULL */
  gboolean alone;       /* there is but one thread */
  GHashTable *has_code; /* names of files that are mapped executable; borrowed */
} Teller;

static gboolean
may (const AtlasRegion *region, AtlasPermissions permission)
{
  return (region->permissions & permission) != 0;
}

static gboolean
has_no_access (const AtlasRegion *region)
{
  return !may (region, ATLAS_PERM_READ | ATLAS_PERM_WRITE | ATLAS_PERM_EXEC);
}

static gboolean
is_nameless (const AtlasRegion *region)
{
  return region->name[0] == '\0';
}

static gboolean
is_file (const AtlasRegion *region)
{
  return !is_nameless (region) && region->name[0] != '[';
}

static guint64
size_of (const AtlasRegion *region)
{
  return region->end - region->start;
}

/* The region that ends where region @i begins, or NULL. */
static const AtlasRegion *
neighbour_below (const Teller *teller, guint i)
{
  const AtlasRegion *below = i > 0 ? teller->regions[i - 1] : NULL;

  return below != NULL && below->end == teller->regions[i]->start ? below : NULL;
}

/* maps writes a newline in a name as \012; a link is not escaped. */
static char *
escape_as_maps (const char *name)
{
  g_auto (GStrv) lines = g_strsplit (name, "\n", -1);

  return g_strjoinv ("\\012", lines);
}

/* Also when the file was deleted after the link had been read. */
static gboolean
is_program (const Teller *teller, const AtlasRegion *region)
{
  if (teller->program == NULL || !is_file (region))
    return FALSE;
  gsize length = strlen (teller->program);
  return strncmp (region->name, teller->program, length) == 0
         && (region->name[length] == '\0' || strcmp (region->name + length, DELETED) == 0);
}

/* "libc.so", "libc.so.6", "libz.so.1.2.13 (deleted)". */
static gboolean
is_named_as_library (const char *name)
{
  const char *end = name + strlen (name);

  if (g_str_has_suffix (name, DELETED))
    end -= strlen (DELETED);
  while (end > name && (g_ascii_isdigit (end[-1]) || (end[-1] == '.' && g_ascii_isdigit (*end))))
    end--;
  return end - name > 3 && memcmp (end - 3, ".so", 3) == 0 && !g_ascii_isdigit (*end);
}

static gboolean
is_library (const Teller *teller, const AtlasRegion *region)
{
  return !may (region, ATLAS_PERM_SHARED)
         && (g_hash_table_contains (teller->has_code, region->name)
             || is_named_as_library (region->name));
}

static gboolean
is_kernel_ring (const AtlasRegion *region)
{
  return g_str_has_prefix (region->name, "/[aio]");
}

static AtlasKind
kind_of_file (const Teller *teller, const AtlasRegion *region)
{
  if (!may (region, ATLAS_PERM_SHARED) && is_program (teller, region))
    return may (region, ATLAS_PERM_WRITE) ? ATLAS_KIND_DATA : ATLAS_KIND_PROGRAM;
  if (is_library (teller, region))
    return may (region, ATLAS_PERM_WRITE) ? ATLAS_KIND_DATA : ATLAS_KIND_LIBRARY;
  if (may (region, ATLAS_PERM_SHARED)
      && (atlas_backing_is_shared_memory (region) || atlas_backing_is_hugetlb (region)))
    return ATLAS_KIND_SHARED;
  /* What is written to a private mapping of these is seen by nobody else. */
  if (atlas_backing_is_anonymous_file (region))
    return ATLAS_KIND_ANONYMOUS;
  return is_kernel_ring (region) ? ATLAS_KIND_KERNEL : ATLAS_KIND_FILE;
}

/* "[anon:NAME]", named by the program with prctl. */
static AtlasKind
kind_of_named_memory (const AtlasRegion *region)
{
  if (has_no_access (region))
    return ATLAS_KIND_GUARD;
  if (strstr (region->name, "stack") != NULL)
    return ATLAS_KIND_THREAD_STACK;
  /* The loader of Android names it so. */
  return strcmp (region->name, "[anon:.bss]") == 0 ? ATLAS_KIND_DATA : ATLAS_KIND_ANONYMOUS;
}

static AtlasKind
kind_of_bracketed (const AtlasRegion *region)
{
  const char *name = region->name;

  if (strcmp (name, "[heap]") == 0)
    return ATLAS_KIND_HEAP;
  if (strcmp (name, "[stack]") == 0)
    return ATLAS_KIND_STACK;
  if (g_str_has_prefix (name, "[stack:"))
    return ATLAS_KIND_THREAD_STACK;
  if (g_str_has_prefix (name, "[anon:"))
    return kind_of_named_memory (region);
  return g_str_has_prefix (name, "[anon_shmem:") ? ATLAS_KIND_SHARED : ATLAS_KIND_KERNEL;
}

/* Below @guard lies a malloc arena of which it is the part that was not opened yet. */
static gboolean
is_end_of_arena (const AtlasRegion *guard, const AtlasRegion *below)
{
  if (below == NULL || !is_nameless (below) || !may (below, ATLAS_PERM_WRITE))
    return FALSE;
  guint64 arena = guard->end > G_MAXUINT32 ? ARENA_64 : ARENA_32;
  return guard->end % arena == 0 && below->start >= guard->end - arena;
}

static gboolean
is_round_size (guint64 size)
{
  return size % MIB == 0 || (size & (size - 1)) == 0;
}

/* @size of the memory itself; the guard counts in or not, as different C libraries have it. */
static gboolean
is_stack_size (guint64 size, guint64 guard_size)
{
  if (size < LEAST_STACK || size > MOST_STACK)
    return FALSE;
  return is_round_size (size) || is_round_size (size + guard_size)
         || (size > DEFAULT_STACK && size <= DEFAULT_STACK + MOST_MERGED);
}

static gboolean
is_thread_stack (const Teller *teller, guint i)
{
  const AtlasRegion *region = teller->regions[i];
  const AtlasRegion *guard = neighbour_below (teller, i);

  return !teller->alone && guard != NULL && teller->kinds[i - 1] == ATLAS_KIND_GUARD
         && size_of (guard) <= MOST_GUARD && may (region, ATLAS_PERM_READ)
         && may (region, ATLAS_PERM_WRITE) && is_stack_size (size_of (region), size_of (guard))
         && !is_end_of_arena (guard, neighbour_below (teller, i - 1));
}

/* How many bytes are mapped without a gap from region @i down of the file it belongs to; with the
 * nameless parts between them. */
static guint64
size_of_image (const Teller *teller, guint i)
{
  guint64 end = teller->regions[i]->end;
  const AtlasRegion *below = teller->regions[i];
  const char *name = NULL;

  while (below != NULL && (is_nameless (below) || name == NULL || strcmp (below->name, name) == 0))
    {
      if (name == NULL && !is_nameless (below))
        name = below->name;
      below = neighbour_below (teller, i);
      i -= below != NULL;
    }
  return end - (below != NULL ? below->end : teller->regions[i]->start);
}

/* Whose data lies right below region @i, over parts split off by mlock or madvise. */
static const AtlasRegion *
data_below (const Teller *teller, guint i)
{
  const AtlasRegion *below;

  do
    below = neighbour_below (teller, i--);
  while (below != NULL && teller->kinds[i] == ATLAS_KIND_DATA && is_nameless (below));
  return below != NULL && teller->kinds[i] == ATLAS_KIND_DATA ? below : NULL;
}

static gboolean
is_bss (const Teller *teller, guint i)
{
  const AtlasRegion *data = data_below (teller, i);

  return data != NULL && may (teller->regions[i], ATLAS_PERM_WRITE)
         && (is_program (teller, data)
             || size_of (teller->regions[i]) <= size_of_image (teller, i - 1));
}

static AtlasKind
kind_of_nameless (const Teller *teller, guint i)
{
  const AtlasRegion *region = teller->regions[i];

  if (has_no_access (region))
    return ATLAS_KIND_GUARD;
  if (may (region, ATLAS_PERM_SHARED))
    return ATLAS_KIND_SHARED;
  if (is_bss (teller, i))
    return ATLAS_KIND_DATA;
  return is_thread_stack (teller, i) ? ATLAS_KIND_THREAD_STACK : ATLAS_KIND_ANONYMOUS;
}

static AtlasKind
tell_kind (const Teller *teller, guint i)
{
  const AtlasRegion *region = teller->regions[i];

  if (is_nameless (region))
    return kind_of_nameless (teller, i);
  return is_file (region) ? kind_of_file (teller, region) : kind_of_bracketed (region);
}

static void
collect_code (Teller *teller)
{
  for (guint i = 0; i < teller->n_regions; i++)
    if (may (teller->regions[i], ATLAS_PERM_EXEC) && is_file (teller->regions[i]))
      g_hash_table_add (teller->has_code, teller->regions[i]->name);
}

void
atlas_maps_find_kinds (AtlasRegion *const *regions,
                       guint n_regions,
                       const char *program,
                       gboolean alone,
                       AtlasKind *kinds)
{
  g_return_if_fail ((regions != NULL && kinds != NULL) || n_regions == 0);

  g_autofree char *escaped = program != NULL ? escape_as_maps (program) : NULL;
  g_autoptr (GHashTable) has_code = g_hash_table_new (g_str_hash, g_str_equal);
  Teller teller = { regions, n_regions, kinds, escaped, alone, has_code };

  collect_code (&teller);
  for (guint i = 0; i < n_regions; i++)
    kinds[i] = tell_kind (&teller, i);
}

void
atlas_maps_tell_kinds (AtlasRegion **regions, guint n_regions, const char *program, gboolean alone)
{
  g_autofree AtlasKind *kinds = g_new (AtlasKind, n_regions);

  atlas_maps_find_kinds (regions, n_regions, program, alone, kinds);
  for (guint i = 0; i < n_regions; i++)
    regions[i]->kind = kinds[i];
}
