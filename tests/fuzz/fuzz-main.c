/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Makes a fuzz target an ordinary test: it is run over the recorded files it is for, and over some
 * thousands of mutations of them that are the same every time. Each input lies in a block of its
 * own of exactly its size, so that a sanitizer sees a read past its end.
 *
 *   fuzz-maps              as a test
 *   fuzz-maps FILE...      over these files (what libFuzzer or a report left behind) */

#include "fuzz.h"

#include "fixture.h"

#include <string.h>

#define N_MUTATIONS 4000
#define SEED 20261123

/* Pieces that parsers of such files trip over. */
static const char *const pieces[] = { "\n",
                                      "\n\n",
                                      " ",
                                      "\t",
                                      ":",
                                      "-",
                                      "(",
                                      ")",
                                      ") R ",
                                      "0",
                                      "ff",
                                      "kB",
                                      " kB\n",
                                      "\\",
                                      "\\n",
                                      "]",
                                      "[",
                                      "\377",
                                      "\033",
                                      "\342\200\256",
                                      "99999999999999999999",
                                      "ffffffffffffffff",
                                      "unlimited",
                                      "18446744073709551615",
                                      "[anon:",
                                      "[stack]",
                                      " (deleted)",
                                      "VmSize:",
                                      "VmFlags:",
                                      "rw-p",
                                      "---p",
                                      "00:00",
                                      "ok ",
                                      "error ",
                                      "# ",
                                      "=\"",
                                      "\\x4",
                                      "0x",
                                      "\"pid\":",
                                      "{\"",
                                      "[[" };

static void
run_exact (const char *data, gsize size)
{
  /* Never NULL, also for nothing. */
  g_autofree uint8_t *copy = g_malloc (MAX (size, 1));

  memcpy (copy, data, size);
  LLVMFuzzerTestOneInput (copy, size);
}

static gsize
pick (GRand *random, gsize end)
{
  return end == 0 ? 0 : (gsize) g_rand_int_range (random, 0, (gint32) end);
}

static void
flip_byte (GRand *random, GString *text)
{
  if (text->len > 0)
    text->str[pick (random, text->len)] = (char) g_rand_int_range (random, 0, 256);
}

static void
insert_piece (GRand *random, GString *text)
{
  g_string_insert (text, (gssize) pick (random, text->len + 1),
                   pieces[pick (random, G_N_ELEMENTS (pieces))]);
}

static void
erase_range (GRand *random, GString *text)
{
  gsize start = pick (random, text->len);

  g_string_erase (text, (gssize) start, (gssize) pick (random, MIN (text->len - start, 80) + 1));
}

static void
copy_range (GRand *random, GString *text)
{
  gsize start = pick (random, text->len);
  gsize length = pick (random, MIN (text->len - start, 200) + 1);
  g_autofree char *range = g_memdup2 (text->str + start, MAX (length, 1));

  g_string_insert_len (text, (gssize) pick (random, text->len + 1), range, (gssize) length);
}

static void
cut_off (GRand *random, GString *text)
{
  g_string_truncate (text, pick (random, text->len + 1));
}

static void
mutate (GRand *random, GString *text)
{
  static void (*const ways[]) (GRand *, GString *) = { flip_byte,    flip_byte,   insert_piece,
                                                       insert_piece, erase_range, copy_range,
                                                       cut_off };

  for (gsize n = 1 + pick (random, 6); n > 0; n--)
    ways[pick (random, G_N_ELEMENTS (ways))](random, text);
}

/* What no recorded process has, for this target alone. */
static void
collect_own_seeds (GPtrArray *seeds)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "fuzz", "seeds", fuzz_file, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *data = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &data, &length, NULL));
      g_ptr_array_add (seeds, g_string_new_len (data, (gssize) length));
    }
}

static GPtrArray *
collect_seeds (void)
{
  g_autoptr (GPtrArray) fixtures = fixture_list ();
  GPtrArray *seeds = g_ptr_array_new ();

  for (guint i = 0; i < fixtures->len; i++)
    {
      GString *text = fixture_read (g_ptr_array_index (fixtures, i), fuzz_file);
      if (text != NULL)
        g_ptr_array_add (seeds, text);
    }
  collect_own_seeds (seeds);
  g_assert_cmpuint (seeds->len, >, 0);
  return seeds;
}

static void
free_seeds (GPtrArray *seeds)
{
  for (guint i = 0; i < seeds->len; i++)
    g_string_free (g_ptr_array_index (seeds, i), TRUE);
  g_ptr_array_unref (seeds);
}

static void
test_recorded (void)
{
  GPtrArray *seeds = collect_seeds ();

  run_exact ("", 0);
  for (guint i = 0; i < seeds->len; i++)
    {
      GString *text = g_ptr_array_index (seeds, i);
      run_exact (text->str, text->len);
    }
  free_seeds (seeds);
}

/* A file that is cut anywhere: what a reader sees of a process that ends. */
static void
test_cut (void)
{
  GPtrArray *seeds = collect_seeds ();
  const GString *text = g_ptr_array_index (seeds, 0);

  for (gsize length = 0; length <= MIN (text->len, 3000); length++)
    run_exact (text->str, length);
  free_seeds (seeds);
}

static void
test_mutated (void)
{
  GPtrArray *seeds = collect_seeds ();
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);

  for (guint i = 0; i < N_MUTATIONS; i++)
    {
      const GString *seed = g_ptr_array_index (seeds, pick (random, seeds->len));
      /* The beginning is as good as the whole of a long file, and faster. */
      gsize start = pick (random, 2) * pick (random, seed->len);
      g_autoptr (GString) text =
          g_string_new_len (seed->str + start, (gssize) MIN (seed->len - start, 4000));
      mutate (random, text);
      run_exact (text->str, text->len);
    }
  free_seeds (seeds);
}

static int
run_files (char **paths)
{
  for (; *paths != NULL; paths++)
    {
      g_autofree char *data = NULL;
      g_autoptr (GError) error = NULL;
      gsize size;
      if (!g_file_get_contents (*paths, &data, &size, &error))
        {
          g_printerr ("%s\n", error->message);
          return 1;
        }
      run_exact (data, size);
    }
  return 0;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    return run_files (argv + 1);
  g_test_add_func ("/fuzz/recorded", test_recorded);
  g_test_add_func ("/fuzz/cut", test_cut);
  g_test_add_func ("/fuzz/mutated", test_mutated);
  return g_test_run ();
}
