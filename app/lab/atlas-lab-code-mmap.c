/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Mappings, locks and advice in C. */

#include "atlas-lab-code-table.h"

#include <string.h>
#include <sys/mman.h>

#include "atlas-lab-words.h"

/* Constants that headers have had since long ago; for later ones the program brings their value. */
#define LAST_OLD_ADVICE 21

/* What mmap is asked for. */
typedef struct
{
  guint64 size, offset;
  unsigned long flags;
  const char *address, *protection, *path;
} Wish;

static const struct
{
  const char *word;
  unsigned long flag;
} words_of_flags[] = {
  { "populate", MAP_POPULATE }, { "locked", MAP_LOCKED }, { "noreserve", MAP_NORESERVE },
  { "huge", MAP_HUGETLB },      { "stack", MAP_STACK },
};

/* --- new mappings --- */

static const char *
after (const char *word, const char *prefix)
{
  return g_str_has_prefix (word, prefix) ? word + strlen (prefix) : NULL;
}

static void
take_option (const AtlasStep *step, const char *word, Wish *wish)
{
  const char *value;

  for (guint i = 0; i < G_N_ELEMENTS (words_of_flags); i++)
    if (strcmp (word, words_of_flags[i].word) == 0)
      wish->flags |= words_of_flags[i].flag;
  if (strcmp (word, "shared") == 0)
    wish->flags = (wish->flags & ~(unsigned long) MAP_PRIVATE) | MAP_SHARED;
  else if ((value = after (word, "prot=")) != NULL)
    wish->protection = value;
  else if ((value = after (word, "file=")) != NULL)
    wish->path = value;
  else if ((value = after (word, "offset=")) != NULL)
    atlas_step_take_size (step, value, &wish->offset);
  else if ((value = after (word, "fixed=")) != NULL)
    {
      wish->address = value;
      wish->flags |= MAP_FIXED_NOREPLACE;
    }
}

static char *
dup_address (const AtlasStep *step, const Wish *wish)
{
  guint64 address = 0;

  if (wish->address == NULL || !atlas_step_take_size (step, wish->address, &address))
    return g_strdup ("NULL");
  return g_strdup_printf ("(void *) 0x%" G_GINT64_MODIFIER "x", address);
}

/* "mmap (…)" with the descriptor @fd. */
static char *
dup_mmap (AtlasStep *step, const Wish *wish, const char *fd)
{
  char text[ATLAS_LAB_FLAGS_SIZE];
  g_autofree char *address = dup_address (step, wish);
  g_autofree char *size = atlas_step_dup_size (step, wish->size);
  g_autofree char *protection = atlas_step_dup_protection (wish->protection);
  g_autofree char *flags =
      atlas_code_dup_flags (atlas_lab_map_text (wish->flags, text, sizeof text));

  return g_strdup_printf ("mmap (%s, %s, %s, %s, %s, %" G_GUINT64_FORMAT ")", address, size,
                          protection != NULL ? protection : "PROT_NONE", flags, fd, wish->offset);
}

static void
put_mmap (AtlasStep *step, const Wish *wish, const char *fd)
{
  const char *variable = atlas_code_get_variable (step->code, step->words[1]);
  g_autofree char *expression = dup_mmap (step, wish, fd);

  atlas_step_use (step, ATLAS_USES_MMAN);
  atlas_step_put_pointer (step, "mmap", variable, expression, "MAP_FAILED");
  if (!step->failed && step->answer != NULL)
    atlas_step_add_memory (step, step->words[1]);
}

/* As the lab does it: for writing, unless the mapping can do without and the file as well. */
static void
put_open (AtlasStep *step, const Wish *wish)
{
  gboolean writes = (wish->flags & MAP_SHARED) != 0 && strchr (wish->protection, 'w') != NULL;
  g_autofree char *path = atlas_code_quote (wish->path);

  atlas_step_use (step, ATLAS_USES_FCNTL | ATLAS_USES_FD | ATLAS_USES_CHECK);
  atlas_step_put (step, "fd = open (%s, O_RDWR | O_CLOEXEC);", path);
  if (!writes)
    {
      atlas_step_put (step, "if (fd < 0)");
      atlas_step_put (step, "  fd = open (%s, O_RDONLY | O_CLOEXEC);", path);
    }
  atlas_step_write (step, "check (\"open\", fd >= 0);");
}

/* Whether the command failed in @call. */
static gboolean
failed_in (const AtlasStep *step, const char *call)
{
  return step->failed && strcmp (step->answer->error_call, call) == 0;
}

void
atlas_code_mmap (AtlasStep *step)
{
  Wish wish = { .flags = MAP_PRIVATE, .protection = "rw" };

  if (!atlas_step_take_size (step, step->words[2], &wish.size))
    return;
  for (guint i = 3; i < step->n_words; i++)
    take_option (step, step->words[i], &wish);
  if (wish.path == NULL)
    {
      wish.flags |= MAP_ANONYMOUS;
      put_mmap (step, &wish, "-1");
      return;
    }
  put_open (step, &wish);
  if (failed_in (step, "open"))
    return;
  put_mmap (step, &wish, "fd");
  atlas_step_put (step, "close (fd);");
}

void
atlas_code_memfd (AtlasStep *step)
{
  Wish wish = { .flags = MAP_SHARED, .protection = "rw" };
  g_autofree char *name = atlas_code_quote (step->words[1]);
  g_autofree char *size = NULL;
  g_autofree char *truncate = NULL;

  if (!atlas_step_take_size (step, step->words[2], &wish.size))
    return;
  size = atlas_step_dup_size (step, wish.size);
  truncate = g_strdup_printf ("ftruncate (fd, %s)", size);
  atlas_step_use (step, ATLAS_USES_MMAN | ATLAS_USES_FD | ATLAS_USES_CHECK);
  atlas_step_put (step, "fd = memfd_create (%s, MFD_CLOEXEC);", name);
  atlas_step_write (step, "check (\"memfd_create\", fd >= 0);");
  if (failed_in (step, "memfd_create"))
    return;
  atlas_step_put_check (step, "ftruncate", truncate, "== 0");
  if (!failed_in (step, "ftruncate"))
    put_mmap (step, &wish, "fd");
  atlas_step_put (step, "close (fd);");
}

/* --- what is done to them --- */

/* "CALL (PAGES)" or, with @more, "CALL (PAGES, MORE)". */
static void
put_call (AtlasStep *step, const char *call, const char *pages, const char *more)
{
  g_autofree char *expression = more != NULL ? g_strdup_printf ("%s (%s, %s)", call, pages, more)
                                             : g_strdup_printf ("%s (%s)", call, pages);

  atlas_step_use (step, ATLAS_USES_MMAN);
  atlas_step_put_check (step, call, expression, "== 0");
}

/* What was behind the pages up to @end has a name of its own now. */
static void
name_rest (AtlasStep *step, const AtlasMemory *memory, const char *rest, guint64 end)
{
  guint64 lost = end * step->code->page_size;
  AtlasMemory behind = { .address = memory->address + lost, .length = memory->length - lost };
  AtlasMemory *added;

  atlas_step_put (step, "%s = (void *) page (%s, %" G_GUINT64_FORMAT ");",
                  atlas_code_get_variable (step->code, rest), memory->variable, end);
  added = atlas_step_add_memory (step, rest);
  added->address = behind.address;
  added->length = added->size = behind.length;
}

/* The pages of @memory from @first to @end are gone. */
static void
cut_mapping (AtlasStep *step, AtlasMemory *memory, guint64 first, guint64 end)
{
  guint64 page_size = step->code->page_size;
  const char *rest = step->answer != NULL ? atlas_lab_answer_get (step->answer, "rest") : NULL;

  if (end > memory->length / page_size)
    end = memory->length / page_size;
  if (first == 0 && end * page_size >= memory->length)
    g_hash_table_remove (step->process->memory, step->words[1]);
  else if (first == 0)
    {
      atlas_step_put (step, "%s = (void *) page (%s, %" G_GUINT64_FORMAT ");", memory->variable,
                      memory->variable, end);
      memory->address += end * page_size;
      memory->length -= end * page_size;
    }
  else if (first < end)
    {
      if (rest != NULL && strcmp (rest, step->words[1]) != 0)
        name_rest (step, memory, rest, end);
      memory->length = first * page_size;
    }
}

void
atlas_code_munmap (AtlasStep *step)
{
  AtlasMemory *memory = atlas_step_find_memory (step, step->words[1]);
  g_autofree char *pages = memory != NULL ? atlas_step_dup_whole_pages (step, memory, 2) : NULL;
  guint64 first = 0;
  guint64 end = G_MAXUINT64 / step->code->page_size;

  if (pages == NULL)
    return;
  put_call (step, "munmap", pages, NULL);
  atlas_step_take_range (step, 2, &first, &end);
  if (memory->length > 0 && !step->failed)
    cut_mapping (step, memory, first, end);
}

void
atlas_code_mremap (AtlasStep *step)
{
  AtlasMemory *memory = atlas_step_find_memory (step, step->words[1]);
  g_autofree char *text = NULL;
  g_autofree char *expression = NULL;
  guint64 size;

  if (memory == NULL || !atlas_step_take_size (step, step->words[2], &size))
    return;
  text = atlas_step_dup_size (step, size);
  expression = g_strdup_printf ("mremap (%s, %" G_GUINT64_FORMAT ", %s, %s)", memory->variable,
                                memory->length, text, step->n_words > 3 ? "MREMAP_MAYMOVE" : "0");
  atlas_step_use (step, ATLAS_USES_MMAN);
  atlas_step_put_pointer (step, "mremap", memory->variable, expression, "MAP_FAILED");
  if (step->failed)
    return;
  memory->address = atlas_step_get_number (step, "address", memory->address);
  memory->size = atlas_step_get_number (step, "size", memory->size);
  memory->length = atlas_step_get_number (step, "length", memory->length);
}

void
atlas_code_mprotect (AtlasStep *step)
{
  AtlasMemory *memory = atlas_step_find_memory (step, step->words[1]);
  g_autofree char *protection = atlas_step_dup_protection (step->words[2]);
  g_autofree char *pages = memory != NULL ? atlas_step_dup_whole_pages (step, memory, 3) : NULL;

  if (pages != NULL && protection != NULL)
    put_call (step, "mprotect", pages, protection);
}

/* --- locks --- */

void
atlas_code_mlock (AtlasStep *step)
{
  AtlasMemory *memory = atlas_step_find_memory (step, step->words[1]);
  gboolean on_fault = step->n_words > 2 && strcmp (step->words[2], "onfault") == 0;
  g_autofree char *pages =
      memory != NULL ? atlas_step_dup_pages (step, memory, on_fault ? 3 : 2) : NULL;

  if (pages != NULL)
    put_call (step, on_fault ? "mlock2" : "mlock", pages, on_fault ? "MLOCK_ONFAULT" : NULL);
}

void
atlas_code_munlock (AtlasStep *step)
{
  AtlasMemory *memory = atlas_step_find_memory (step, step->words[1]);
  g_autofree char *pages = memory != NULL ? atlas_step_dup_pages (step, memory, 2) : NULL;

  if (pages != NULL)
    put_call (step, "munlock", pages, NULL);
}

void
atlas_code_mlockall (AtlasStep *step)
{
  char text[ATLAS_LAB_FLAGS_SIZE];
  unsigned long bits = step->n_words == 1 ? MCL_CURRENT : 0;
  g_autofree char *flags = NULL;

  for (guint i = 1; i < step->n_words; i++)
    if (strcmp (step->words[i], "current") == 0)
      bits |= MCL_CURRENT;
    else if (strcmp (step->words[i], "future") == 0)
      bits |= MCL_FUTURE;
    else if (strcmp (step->words[i], "onfault") == 0)
      bits |= MCL_ONFAULT;
  flags = atlas_code_dup_flags (atlas_lab_lockall_text (bits, text, sizeof text));
  put_call (step, "mlockall", flags, NULL);
}

void
atlas_code_munlockall (AtlasStep *step)
{
  put_call (step, "munlockall", "", NULL);
}

/* --- advice --- */

void
atlas_code_madvise (AtlasStep *step)
{
  AtlasMemory *memory = atlas_step_find_memory (step, step->words[1]);
  const AtlasLabWord *advice = atlas_lab_word_find (atlas_lab_advice, step->words[2]);
  g_autofree char *pages = memory != NULL ? atlas_step_dup_whole_pages (step, memory, 3) : NULL;

  if (pages == NULL || advice == NULL)
    return;
  if (advice->value > LAST_OLD_ADVICE && !g_ptr_array_find (step->code->advice, advice, NULL))
    g_ptr_array_add (step->code->advice, (gpointer) advice);
  put_call (step, "madvise", pages, advice->name);
}

void
atlas_code_mincore (AtlasStep *step)
{
  AtlasMemory *memory = atlas_step_find_memory (step, step->words[1]);
  g_autofree char *pages = NULL;
  g_autofree char *expression = NULL;

  if (memory == NULL)
    return;
  atlas_step_use (step, ATLAS_USES_RESIDENT | ATLAS_USES_PAGES | ATLAS_USES_MMAN);
  pages = atlas_step_dup_pages (step, memory, step->n_words);
  expression = g_strdup_printf ("resident (%s)", pages);
  atlas_step_put_value (step, "mincore", expression);
}
