/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Random commands, right and wrong, thousands of them. After each, what it answered is held against
 * what is known and what pagemap and smaps say; after each hundred, everything that is there
 * against maps. Where the tests are built with sanitizers, the subject is as well.
 *
 * ATLAS_SEED chooses other commands, ATLAS_SOAK ten times as many. */

#include "random-items.h"

#include "atlas-lab-words.h"

#include <stdlib.h>
#include <string.h>

#define BATCH 100
#define N_COMMANDS 10000
#define SEED 20261125
#define MOST_ITEMS 60

static SubjectAnswer *ask (World *world, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* With --verbose: what it was that failed. */
static void
say (const char *command)
{
  g_autofree char *safe = g_strescape (command, NULL);

  g_test_message ("%.500s", safe);
}

static SubjectAnswer *
ask (World *world, const char *format, ...)
{
  g_autofree char *command = NULL;
  SubjectAnswer *answer;
  va_list arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (g_test_verbose ())
    say (command);
  answer = subject_ask (world->subject, "%s", command);
  world->n_ok += answer->ok;
  world->n_errors += !answer->ok;
  return answer;
}

static char *
make_name (World *world)
{
  return g_strdup_printf ("a%u", world->n_names++);
}

/* Mostly small, some around the thresholds, some large. */
static guint64
pick_size (World *world)
{
  static const guint64 ends[] = { 200, 3000, 40000, 300000, 1500000 };

  return world_pick (world, ends[world_pick (world, G_N_ELEMENTS (ends))]);
}

/* "" or "thread tN ", of one that there is. */
static const char *
pick_thread (World *world)
{
  static const char *const prefixes[] = { "thread t0 ", "thread t1 ", "thread t2 " };
  guint64 i = world_pick (world, 8);

  return i < 3 && world->threads[i] ? prefixes[i] : "";
}

/* " from A to B" of a part that there is, or "" and all. */
static char *
pick_pages (World *world, const Item *item, guint64 *first, guint64 *end)
{
  guint64 n_pages = item_count_pages (item, world->page);

  *first = 0;
  *end = n_pages;
  if (n_pages == 0 || world_toss (world, 50))
    return g_strdup ("");
  *first = world_pick (world, n_pages);
  *end = *first + 1 + world_pick (world, n_pages - *first);
  return g_strdup_printf (" from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, *first, *end);
}

/* aligned_alloc is strict in some C libraries: the size is a multiple of the alignment. */
static SubjectAnswer *
ask_aligned (World *world, const char *name, guint64 size)
{
  guint64 alignment = G_GUINT64_CONSTANT (16) << world_pick (world, 10);

  return ask (world, "%saligned_alloc %s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
              pick_thread (world), name, alignment, (size / alignment + 1) * alignment);
}

/* glibc may say ENOMEM where there is enough: when the break was moved by others, it frees the old
 * top of the heap, and that may trim the new one before it is used. */
static void
do_malloc (World *world)
{
  g_autofree char *name = make_name (world);
  guint64 size = pick_size (world);
  guint64 which = world_pick (world, 3);
  g_autoptr (SubjectAnswer) answer = NULL;

  if (which == 0)
    answer = ask (world, "%smalloc %s %" G_GUINT64_FORMAT, pick_thread (world), name, size);
  else if (which == 1)
    answer = ask (world, "%scalloc %s 3 %" G_GUINT64_FORMAT, pick_thread (world), name, size / 3);
  else
    answer = ask_aligned (world, name, size);
  if (!answer->ok)
    {
      g_assert_cmpstr (answer->error, ==, "ENOMEM");
      return;
    }
  g_assert_cmpuint (subject_answer_get_number (answer, "usable"), >=,
                    subject_answer_get_number (answer, "size"));
  world_add (world, name, ITEM_MALLOC, answer);
}

static void
do_mmap (World *world)
{
  static const char *const options[] = { "", " shared", " populate", " noreserve", " stack" };
  g_autofree char *name = make_name (world);
  guint64 option = world_pick (world, G_N_ELEMENTS (options));
  g_autoptr (SubjectAnswer) answer = ask (world, "mmap %s %" G_GUINT64_FORMAT "%s", name,
                                          1 + world_pick (world, 600000), options[option]);
  Item *item;

  g_assert_true (answer->ok);
  item = world_add (world, name, ITEM_MMAP, answer);
  item->shared = option == 1;
}

static void
do_memfd (World *world)
{
  g_autofree char *name = make_name (world);
  g_autoptr (SubjectAnswer) answer =
      ask (world, "memfd %s %" G_GUINT64_FORMAT, name, 1 + world_pick (world, 300000));

  g_assert_true (answer->ok);
  world_add (world, name, ITEM_MEMFD, answer);
}

static void
do_free (World *world)
{
  Item *item = world_pick_item (world);
  g_autoptr (SubjectAnswer) answer = NULL;

  if (item == NULL)
    return;
  answer = ask (world, "%sfree %s", pick_thread (world), item->name);
  if (answer->ok)
    {
      g_assert_true (item->origin == ITEM_MALLOC && !item->hole);
      world_remove (world, item);
    }
  else
    {
      g_assert_cmpstr (answer->error, ==, "EINVAL");
      g_assert_true (item->origin != ITEM_MALLOC || item->hole || item->hurt);
    }
}

static void
do_realloc (World *world)
{
  Item *item = world_pick_item (world);
  guint64 size = pick_size (world);
  g_autoptr (SubjectAnswer) answer = NULL;

  if (item == NULL)
    return;
  answer = ask (world, "%srealloc %s %" G_GUINT64_FORMAT, pick_thread (world), item->name, size);
  if (!answer->ok)
    {
      g_assert_true (item->origin != ITEM_MALLOC || item->hole || item->hurt
                     || g_str_equal (answer->error, "ENOMEM"));
      return;
    }
  item->address = subject_answer_get_number (answer, "address");
  item->size = item->length = size;
  if (item->address == 0)
    world_remove (world, item);
}

static void
do_munmap (World *world)
{
  Item *item = world_pick_item (world);
  g_autofree char *pages = NULL;
  g_autofree char *rest = NULL;
  g_autoptr (SubjectAnswer) answer = NULL;
  guint64 first;
  guint64 end;

  if (item == NULL || (item->permissions == NULL && world_toss (world, 80)))
    return;
  pages = pick_pages (world, item, &first, &end);
  answer = ask (world, "munmap %s%s", item->name, pages);
  rest = answer->ok ? subject_answer_get_word (answer, "rest") : NULL;
  if (item->permissions == NULL)
    item->hole = item->hole || answer->ok;
  else if (answer->ok)
    world_unmap (world, item, first, end, rest);
  else
    g_error ("%s", answer->line);
}

static void
do_mremap (World *world)
{
  Item *item = world_pick_item (world);
  g_autoptr (SubjectAnswer) answer = NULL;

  if (item == NULL)
    return;
  answer = ask (world, "mremap %s %" G_GUINT64_FORMAT "%s", item->name,
                1 + world_pick (world, 600000), world_toss (world, 70) ? " maymove" : "");
  if (!answer->ok)
    return;
  g_assert_nonnull (item->permissions);
  /* what is behind the end of its file raises a signal */
  item->hurt = item->hurt || item->shared;
  item_resize (item, world->page, answer);
}

static void
do_mprotect (World *world)
{
  static const struct
  {
    const char *word;
    AtlasPermissions permissions;
  } protections[] = {
    { "none", 0 },
    { "r", ATLAS_PERM_READ },
    { "rx", ATLAS_PERM_READ | ATLAS_PERM_EXEC },
    { "rw", ATLAS_PERM_READ | ATLAS_PERM_WRITE },
    { "rw", ATLAS_PERM_READ | ATLAS_PERM_WRITE },
    { "rw", ATLAS_PERM_READ | ATLAS_PERM_WRITE },
  };
  Item *item = world_pick_item (world);
  guint64 i = world_pick (world, G_N_ELEMENTS (protections));
  g_autofree char *pages = NULL;
  g_autoptr (SubjectAnswer) answer = NULL;
  guint64 first;
  guint64 end;

  if (item == NULL)
    return;
  pages = pick_pages (world, item, &first, &end);
  answer = ask (world, "mprotect %s %s%s", item->name, protections[i].word, pages);
  if (answer->ok)
    item_set_permissions (item, first, end, protections[i].permissions);
  if (answer->ok && item->permissions == NULL)
    item->hurt = TRUE;
  if (!answer->ok)
    g_assert_null (item->permissions);
}

/* That a signal came where it had to, and only there. */
static void
check_access (const Item *item,
              const SubjectAnswer *answer,
              AtlasPermissions wanted,
              guint64 n_pages)
{
  gboolean may_fail = item->hole || item->hurt || !item_has_permissions (item, 0, n_pages, wanted);
  gboolean must_fail =
      item->permissions != NULL && !item_has_permissions (item, 0, n_pages, wanted);

  if (!answer->ok && !may_fail)
    g_error ("%s: %s", item->name, answer->line);
  if (!answer->ok)
    g_assert_true (g_str_equal (answer->error, "SIGSEGV") || g_str_equal (answer->error, "SIGBUS")
                   || g_str_equal (answer->error, "EFAULT"));
  g_assert_true (!answer->ok || !must_fail);
}

static void
do_touch_all (World *world, Item *item)
{
  gboolean writes = world_toss (world, 60);
  guint64 n_pages = item_count_pages (item, world->page);
  g_autoptr (SubjectAnswer) answer =
      ask (world, "%stouch %s %s", pick_thread (world), item->name, writes ? "write" : "read");

  check_access (item, answer, writes ? ATLAS_PERM_WRITE : ATLAS_PERM_READ, n_pages);
  if (!answer->ok)
    return;
  g_assert_cmpuint (subject_answer_get_number (answer, "pages"), ==, n_pages);
  g_assert_cmpuint (oracle_count_present (subject_get_pid (world->subject), item->address, n_pages),
                    ==, n_pages);
}

static void
do_touch (World *world)
{
  static const char *const patterns[] = { "first", "every 3", "random 30", "from 0 to 1",
                                          "every 1" };
  Item *item = world_pick_item (world);
  g_autoptr (SubjectAnswer) answer = NULL;

  if (item == NULL)
    return;
  if (world_toss (world, 60))
    {
      do_touch_all (world, item);
      return;
    }
  answer = ask (world, "%stouch %s write %s", pick_thread (world), item->name,
                patterns[world_pick (world, G_N_ELEMENTS (patterns))]);
  if (!answer->ok && !g_str_equal (answer->error, "EINVAL"))
    g_assert_true (item->hole || item->hurt || item->permissions != NULL);
}

static void
do_fill (World *world)
{
  Item *item = world_pick_item (world);
  g_autoptr (SubjectAnswer) answer = NULL;

  if (item == NULL)
    return;
  answer = ask (world, "fill %s %u", item->name, (guint) world_pick (world, 256));
  check_access (item, answer, ATLAS_PERM_WRITE, item_count_pages (item, world->page));
}

/* Of no bytes, too, mlock(2) takes the page, unless they lie where it begins. */
static guint64
count_locked_pages (const World *world, const Item *item, guint64 first, guint64 end)
{
  return item->length == 0 && item->address % world->page != 0 ? 1 : end - first;
}

static void
do_lock (World *world)
{
  Item *item = world_pick_item (world);
  gboolean locks = world_toss (world, 50);
  g_autofree char *pages = NULL;
  g_autoptr (SubjectAnswer) answer = NULL;
  guint64 first;
  guint64 end;

  if (item == NULL)
    return;
  pages = pick_pages (world, item, &first, &end);
  answer = ask (world, "%s %s%s%s", locks ? "mlock" : "munlock", item->name,
                locks && world_toss (world, 40) ? " onfault" : "", pages);
  /* under sanitizers, locking does nothing */
  if (answer->ok && !world->sanitized)
    {
      guint64 start = subject_answer_get_number (answer, "address");
      guint64 length = subject_answer_get_number (answer, "length");
      guint64 locked =
          oracle_count_flagged (subject_get_pid (world->subject), start, start + length, "lo");

      g_assert_cmpuint (start, ==, (item->address / world->page + first) * world->page);
      g_assert_cmpuint (length, ==, count_locked_pages (world, item, first, end) * world->page);
      g_assert_cmpuint (locked, ==, locks ? length : 0);
    }
}

static void
do_lock_all (World *world)
{
  gint pid = subject_get_pid (world->subject);
  g_autoptr (SubjectAnswer) answer = ask (world, "mlockall current");

  /* an ordinary user may not lock so much */
  if (answer->ok)
    g_assert_true (world->sanitized || oracle_get_status (pid, "VmLck") > 0);
  else
    g_assert_cmpstr (answer->error, ==, "ENOMEM");
  subject_answer_free (ask (world, "munlockall"));
  g_assert_true (world->sanitized || oracle_get_status (pid, "VmLck") == 0);
}

static guint
count_advice (void)
{
  guint n = 0;

  while (atlas_lab_advice[n].word != NULL)
    n++;
  return n;
}

static void
do_advise (World *world)
{
  Item *item = world_pick_item (world);
  const AtlasLabWord *advice = &atlas_lab_advice[world_pick (world, count_advice ())];
  g_autofree char *pages = NULL;
  g_autoptr (SubjectAnswer) answer = NULL;
  guint64 first;
  guint64 end;

  if (item == NULL)
    return;
  pages = pick_pages (world, item, &first, &end);
  answer = ask (world, "madvise %s %s%s", item->name, advice->word, pages);
  if (g_str_equal (advice->word, "guard_install") || g_str_equal (advice->word, "wipeonfork")
      || g_str_equal (advice->word, "dontfork"))
    item->hurt = TRUE;
  if (answer->ok && g_str_equal (advice->word, "dontneed") && item->origin == ITEM_MMAP)
    g_assert_cmpuint (oracle_count_present (subject_get_pid (world->subject),
                                            item->address + first * world->page, end - first),
                      ==, 0);
}

/* "3x1,2x0" against pagemap, page by page. Of what is shared, mincore tells what is in the page
 * cache, mapped here or not. */
static void
compare_map (const char *map, const GByteArray *present, gboolean shared)
{
  guint at = 0;

  for (const char *p = map; *p != '\0' && !g_str_equal (map, "none");)
    {
      char *end;
      guint64 n = g_ascii_strtoull (p, &end, 10);

      g_assert_true (end[0] == 'x' && (end[1] == '0' || end[1] == '1'));
      for (; n > 0; n--, at++)
        if (at >= present->len || (end[1] == '0' && present->data[at])
            || (end[1] == '1' && !present->data[at] && !shared))
          g_error ("page %u: %s", at, map);
      p = end[2] == ',' ? end + 3 : end + 2;
    }
  g_assert_cmpuint (at, ==, present->len);
}

static void
do_mincore (World *world)
{
  Item *item = world_pick_item (world);
  g_autoptr (SubjectAnswer) answer = NULL;
  g_autofree char *map = NULL;
  GByteArray *present;

  if (item == NULL)
    return;
  answer = ask (world, "mincore %s", item->name);
  if (!answer->ok)
    {
      g_assert_true (item->hole);
      g_assert_cmpstr (answer->error, ==, "ENOMEM");
      return;
    }
  present = oracle_get_present (subject_get_pid (world->subject), item->address,
                                item_count_pages (item, world->page));
  map = subject_answer_get_word (answer, "map");
  if (!item->hole)
    compare_map (map, present, item->shared);
  g_byte_array_unref (present);
}

static void
do_sbrk (World *world)
{
  g_autofree char *name = make_name (world);
  g_autoptr (SubjectAnswer) answer =
      ask (world, "sbrk %s %" G_GUINT64_FORMAT, name, 1 + world_pick (world, 50000));
  g_autoptr (SubjectAnswer) back = NULL;
  Item *item;

  if (!answer->ok)
    return;
  item = world_add (world, name, ITEM_SBRK, answer);
  if (world_toss (world, 50))
    return;
  back = ask (world, "sbrk %s -%" G_GUINT64_FORMAT, name, item->size);
  g_assert_true (back->ok);
  world_remove (world, item);
}

static void
do_tune (World *world)
{
  static const char *const commands[] = {
    "mallopt mmap_threshold 64K",
    "mallopt mmap_threshold 1M",
    "mallopt top_pad 0",
    "mallopt top_pad 128K",
    "mallopt trim_threshold 64K",
    "mallopt perturb 85",
    "mallopt perturb 0",
    "mallopt mmap_max 5",
    "mallopt mmap_max 1000",
    "mallopt arena_max 2",
    "mallopt mxfast 0",
    "mallopt mxfast 80",
    "malloc_trim",
    "malloc_trim 64K",
    "malloc_stats",
    "malloc_info",
    "mallinfo",
    "thresholds",
    "getrlimit",
    "getrlimit as",
    "setrlimit data unlimited",
    "overflow 100K",
    "sbrk 0",
    "help",
    "help mmap",
    "list",
  };

  subject_answer_free (ask (world, "%s%s", pick_thread (world),
                            commands[world_pick (world, G_N_ELEMENTS (commands))]));
}

static void
do_thread (World *world)
{
  guint64 i = world_pick (world, G_N_ELEMENTS (world->threads));
  g_autoptr (SubjectAnswer) answer = NULL;

  if (world->threads[i] && world_toss (world, 60))
    answer = ask (world, "thread t%u touch a0 read first", (guint) i);
  else
    {
      answer = ask (world, "thread %s t%u", world->threads[i] ? "stop" : "start", (guint) i);
      g_assert_true (answer->ok);
      world->threads[i] = !world->threads[i];
    }
}

/* What a child has, only its form is known of; that it disturbs nobody shows elsewhere. */
static void
do_child (World *world)
{
  static const char *const commands[] = {
    "touch %s write", "fill %s 1",     "mincore %s",
    "free %s",        "munmap %s",     "realloc %s 100",
    "mlock %s",       "mprotect %s r", "mremap %s 100K maymove",
    "malloc b%s 5K",  "list",          "thread start t%s",
    "malloc_trim",    "usable %s",     "nonsense"
  };
  guint64 i = world_pick (world, G_N_ELEMENTS (world->children));
  const Item *item = world_pick_item (world);
  g_autoptr (GString) command = NULL;
  g_autoptr (SubjectAnswer) answer = NULL;

  if (item == NULL)
    return;
  if (!world->children[i] || world_toss (world, 5))
    {
      answer = ask (world, world->children[i] ? "child k%u exit" : "fork k%u", (guint) i);
      g_assert_true (answer->ok);
      world->children[i] = !world->children[i];
      return;
    }
  command = g_string_new (commands[world_pick (world, G_N_ELEMENTS (commands))]);
  g_string_replace (command, "%s", item->name, 0);
  answer = ask (world, "child k%u %s", (guint) i, command->str);
  if (strstr (answer->line, " child=k") == NULL)
    g_error ("%s", answer->line);
}

/* Words of commands in no order, and bytes of any kind. */
static void
do_nonsense (World *world)
{
  static const char *const words[] = {
    "malloc", "free",  "a0",   "from",  "to",    "-1",   "0",    "99999", "\"",  "\\",  "all",
    "touch",  "write", "mmap", "prot=", "fixed", "\x01", "\xff", "4G",    "16T", "list"
  };
  g_autoptr (GString) line = g_string_new ("x");
  g_autoptr (SubjectAnswer) answer = NULL;

  for (guint64 n = world_pick (world, 12); n > 0; n--)
    g_string_append_printf (line, " %s", words[world_pick (world, G_N_ELEMENTS (words))]);
  if (world_toss (world, 5))
    for (guint i = 0; i < 5000; i++)
      g_string_append_c (line, (char) (11 + world_pick (world, 245)));
  answer = ask (world, "%s", line->str);
  g_assert_true (g_str_equal (answer->error, "EINVAL") || g_str_equal (answer->error, "E2BIG"));
}

static void
do_one (World *world)
{
  static const struct
  {
    void (*run) (World *world);
    guint weight;
  } kinds[] = {
    { do_malloc, 16 }, { do_free, 16 },   { do_realloc, 8 },  { do_mmap, 6 },     { do_memfd, 2 },
    { do_munmap, 10 }, { do_mremap, 4 },  { do_mprotect, 8 }, { do_touch, 15 },   { do_fill, 5 },
    { do_lock, 8 },    { do_advise, 10 }, { do_mincore, 8 },  { do_sbrk, 2 },     { do_tune, 6 },
    { do_thread, 4 },  { do_child, 6 },   { do_nonsense, 4 }, { do_lock_all, 1 },
  };
  guint64 at;
  guint64 sum = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    sum += kinds[i].weight;
  at = world_pick (world, sum);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (at < kinds[i].weight)
        {
          kinds[i].run (world);
          return;
        }
      at -= kinds[i].weight;
    }
}

/* So that there are neither too many nor, since what has a hole stays for ever, only such. */
static void
thin_out (World *world)
{
  while (world->items->len > MOST_ITEMS)
    if (world_toss (world, 50))
      do_free (world);
    else
      do_munmap (world);
}

static guint
count_holes (World *world)
{
  guint n = 0;

  for (guint i = 0; i < world->items->len; i++)
    n += ((Item *) g_ptr_array_index (world->items, i))->hole;
  return n;
}

/* Until too much of what there is can't be got rid of any more. */
static guint
run_one_subject (guint32 seed, guint n_commands)
{
  static const char *const unlimited[] = { "--address-space", "unlimited", NULL };
  const gboolean sanitized = strstr (RANDOM_SUBJECT, "sanitized") != NULL;
  g_autoptr (Subject) subject =
      subject_new_with (RANDOM_SUBJECT, sanitized ? unlimited : NULL, FALSE);
  World *world = world_new (subject, seed, sanitized);
  guint n = 0;

  while (n < n_commands && count_holes (world) < MOST_ITEMS / 2)
    {
      do_one (world);
      thin_out (world);
      n = world->n_ok + world->n_errors;
      if (world_toss (world, 100 / BATCH))
        world_check (world);
    }
  world_check (world);
  g_test_message ("seed %u: %u ok, %u errors", seed, world->n_ok, world->n_errors);
  world_free (world);
  return n;
}

static void
test_random (void)
{
  const char *seed_text = g_getenv ("ATLAS_SEED");
  guint32 seed = seed_text != NULL ? (guint32) g_ascii_strtoull (seed_text, NULL, 10) : SEED;
  guint left = N_COMMANDS * (g_getenv ("ATLAS_SOAK") != NULL ? 10 : 1);

  for (; left > 0; seed++)
    {
      guint n = run_one_subject (seed, MIN (left, 2500));

      left -= MIN (left, n);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* where memory can't be had, a sanitizer shall say so as malloc does; signals are the subject's
   */
  g_setenv ("ASAN_OPTIONS", "allocator_may_return_null=1:detect_leaks=0:use_sigaltstack=0", FALSE);
  g_test_add_func ("/lab/random", test_random);
  return g_test_run ();
}
