/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What each region is for: small maps, each a case of its own, with the kinds that are true of
 * them. Whole recorded processes are in test-fixtures. */

#include "fixture.h"

#include <string.h>

typedef struct
{
  const char *path;
  const char *program; /* as the exe link says */
  const char *maps;
  const char *letters; /* of the kinds, in order */
} Case;

#define SIZE_8_MIB "7f0000001000-7f0000801000 rw-p 0 0:0 0\n"

static const Case cases[] = {
  { "brackets", NULL,
    "1000-2000 rw-p 0 0:0 0 [heap]\n"
    "2000-3000 rw-p 0 0:0 0 [stack]\n"
    "3000-4000 r--p 0 0:0 0 [vvar]\n"
    "4000-5000 r--p 0 0:0 0 [vvar_vclock]\n"
    "5000-6000 r-xp 0 0:0 0 [vdso]\n"
    "6000-7000 --xp 0 0:0 0 [uprobes]\n"
    "7000-8000 r-xp 0 0:0 0 [sigpage]\n"
    "8000-9000 --xp 0 0:0 0 [vsyscall]\n"
    "9000-a000 rw-p 0 0:0 0 [stack:12]\n"
    "a000-b000 rw-s 0 0:0 0 [anon_shmem:x]\n"
    "b000-c000 rw-p 0 0:0 0 [something new]\n",
    "HSKKKKKKTMK" },
  { "program", "/bin/demo",
    "1000-2000 r--p 0 8:1 5 /bin/demo\n"
    "2000-3000 r-xp 1000 8:1 5 /bin/demo\n"
    "3000-4000 r--p 2000 8:1 5 /bin/demo\n"
    "4000-5000 rw-p 3000 8:1 5 /bin/demo\n"
    "5000-6000 rw-p 0 0:0 0\n"
    "7000-8000 rw-p 0 0:0 0\n"
    "8000-9000 r--s 0 8:1 5 /bin/demo\n"
    "9000-a000 r--p 0 8:1 6 /bin/demo.conf\n",
    "PPPDDAFF" },
  { "program/deleted", "/bin/demo (deleted)",
    "1000-2000 r-xp 0 8:1 5 /bin/demo (deleted)\n"
    "2000-3000 rw-p 0 8:1 5 /bin/demo (deleted)\n"
    "3000-4000 r--p 0 8:1 6 /bin/demo\n",
    "PDF" },
  { "program/deleted-meanwhile", "/bin/demo", "1000-2000 r-xp 0 8:1 5 /bin/demo (deleted)\n", "P" },
  { "program/odd-name", "/bin/a\nb", "1000-2000 r-xp 0 8:1 5 /bin/a\\012b\n", "P" },
  { "program/memfd", "/memfd:x (deleted)", "1000-2000 r-xp 0 0:1 5 /memfd:x (deleted)\n", "P" },
  { "program/not-known", NULL, "1000-2000 r-xp 0 8:1 5 /bin/demo\n", "L" },
  { "program/big-bss", "/bin/demo",
    "1000-2000 r-xp 0 8:1 5 /bin/demo\n"
    "2000-3000 rw-p 1000 8:1 5 /bin/demo\n"
    "3000-40003000 rw-p 0 0:0 0\n",
    "PDD" },
  { "program/split-bss", "/bin/demo",
    "1000-2000 rw-p 0 8:1 5 /bin/demo\n"
    "2000-3000 rw-p 0 0:0 0\n"
    "3000-4000 rw-p 0 0:0 0\n"
    "4000-5000 r--p 0 0:0 0\n"
    "5000-6000 rw-p 0 0:0 0\n",
    "DDDAA" },
  { "library", NULL,
    "1000-2000 r--p 0 8:1 5 /lib/libx.so.1.2.3\n"
    "2000-3000 r-xp 1000 8:1 5 /lib/libx.so.1.2.3\n"
    "3000-4000 ---p 2000 8:1 5 /lib/libx.so.1.2.3\n"
    "4000-5000 r--p 2000 8:1 5 /lib/libx.so.1.2.3\n"
    "5000-6000 rw-p 3000 8:1 5 /lib/libx.so.1.2.3\n"
    "6000-7000 rw-p 0 0:0 0\n",
    "LLLLDD" },
  { "library/mmap-above", NULL,
    "1000-2000 r-xp 0 8:1 5 /lib/libx.so\n"
    "2000-3000 rw-p 1000 8:1 5 /lib/libx.so\n"
    "3000-6000 rw-p 0 0:0 0\n",
    "LDA" },
  { "library/by-name", NULL,
    "1000-2000 r--p 0 8:1 1 /l/a.so\n"
    "2000-3000 r--p 0 8:1 2 /l/b.so.6\n"
    "3000-4000 r--p 0 8:1 3 /l/c.so.1 (deleted)\n"
    "4000-5000 r--p 0 8:1 4 /l/d.so.cache\n"
    "5000-6000 r--p 0 8:1 5 /l/e.so12\n"
    "6000-7000 r--p 0 8:1 6 /l/fso\n"
    "7000-8000 r--p 0 8:1 7 /l/g.so.\n"
    "8000-9000 r--p 0 8:1 8 so\n"
    "9000-a000 r--s 0 8:1 9 /l/h.so\n",
    "LLLFFFFFF" },
  { "library/by-code", NULL,
    "1000-2000 r--p 0 8:1 1 /opt/plugin\n"
    "2000-3000 r-xp 0 8:1 1 /opt/plugin\n"
    "3000-4000 r--p 0 8:1 2 /opt/data\n"
    "4000-5000 rw-p 0 8:1 1 /opt/plugin\n"
    "5000-6000 rw-s 0 8:1 2 /opt/data\n",
    "LLFDF" },
  { "shared", NULL,
    "1000-2000 rw-s 0 0:1 1 /dev/zero (deleted)\n"
    "2000-3000 rw-s 0 0:1b 2 /dev/shm/ring\n"
    "3000-4000 rw-s 0 0:1 3 /memfd:x (deleted)\n"
    "4000-5000 rw-s 0 0:1 4 /SYSV00000000 (deleted)\n"
    "5000-6000 rw-s 0 0:f 5 /anon_hugepage (deleted)\n"
    "6000-7000 rw-p 0 0:f 5 /anon_hugepage (deleted)\n"
    "7000-8000 rw-p 0 0:6 4 /dev/zero\n"
    "8000-9000 rw-p 0 0:1b 2 /dev/shm/ring\n"
    "9000-a000 r-xs 0 0:1 3 /memfd:jit (deleted)\n"
    "a000-b000 rw-s 0 0:10 9 /[aio] (deleted)\n"
    "b000-c000 rw-s 0 0:5 9 /dev/dri/card0\n",
    "MMMMMAAFMKF" },
  { "anonymous/names", NULL,
    "1000-2000 rw-p 0 0:0 0 [anon:pool]\n"
    "2000-3000 rw-p 0 0:0 0 [anon: glibc: pthread stack: 7]\n"
    "3000-4000 ---p 0 0:0 0 [anon: glibc: pthread stack: 7]\n"
    "4000-5000 rw-p 0 0:0 0 [anon:.bss]\n",
    "ATND" },
  { "guard", NULL,
    "1000-2000 ---p 0 0:0 0\n"
    "2000-3000 ---s 0 0:0 0\n"
    "3000-4000 ---p 0 8:1 5 /f\n"
    "4000-5000 --xp 0 0:0 0\n",
    "NNFA" },
  { "thread-stack/default", NULL, "7f0000000000-7f0000001000 ---p 0 0:0 0\n" SIZE_8_MIB, "NT" },
  { "thread-stack/grown-together", NULL,
    "7f0000000000-7f0000001000 ---p 0 0:0 0\n"
    "7f0000001000-7f0000804000 rw-p 0 0:0 0\n",
    "NT" },
  { "thread-stack/executable", NULL,
    "7f0000000000-7f0000001000 ---p 0 0:0 0\n"
    "7f0000001000-7f0000801000 rwxp 0 0:0 0\n",
    "NT" },
  { "thread-stack/guard-counts-in", NULL,
    "7f0000000000-7f0000004000 ---p 0 0:0 0\n"
    "7f0000004000-7f0000100000 rw-p 0 0:0 0\n",
    "NT" },
  { "thread-stack/one-on-the-other", NULL,
    "7f0000000000-7f0000001000 ---p 0 0:0 0\n"
    "7f0000001000-7f0000801000 rw-p 0 0:0 0\n"
    "7f0000801000-7f0000802000 ---p 0 0:0 0\n"
    "7f0000802000-7f0001002000 rw-p 0 0:0 0\n",
    "NTNT" },
  { "thread-stack/gap-below", NULL, "7effffffe000-7efffffff000 ---p 0 0:0 0\n" SIZE_8_MIB, "NA" },
  { "thread-stack/large-guard", NULL, "7effff001000-7f0000001000 ---p 0 0:0 0\n" SIZE_8_MIB, "NA" },
  { "thread-stack/odd-size", NULL,
    "7f0000000000-7f0000001000 ---p 0 0:0 0\n"
    "7f0000001000-7f0000064000 rw-p 0 0:0 0\n",
    "NA" },
  { "thread-stack/small", NULL,
    "7f0000000000-7f0000001000 ---p 0 0:0 0\n"
    "7f0000001000-7f0000003000 rw-p 0 0:0 0\n",
    "NA" },
  { "thread-stack/read-only", NULL,
    "7f0000000000-7f0000001000 ---p 0 0:0 0\n"
    "7f0000001000-7f0000801000 r--p 0 0:0 0\n",
    "NA" },
  { "arena", NULL,
    "7f0000000000-7f0000021000 rw-p 0 0:0 0\n"
    "7f0000021000-7f0004000000 ---p 0 0:0 0\n"
    "7f0004000000-7f0004800000 rw-p 0 0:0 0\n",
    "ANA" },
  { "arena/nearly-full", NULL,
    "7f0000000000-7f0003fff000 rw-p 0 0:0 0\n"
    "7f0003fff000-7f0004000000 ---p 0 0:0 0\n"
    "7f0004000000-7f0004800000 rw-p 0 0:0 0\n",
    "ANA" },
  { "arena/32-bit", NULL,
    "f6a00000-f6aff000 rw-p 0 0:0 0\n"
    "f6aff000-f6b00000 ---p 0 0:0 0\n"
    "f6b00000-f7300000 rw-p 0 0:0 0\n",
    "ANA" },
  { "nothing", NULL, "", "" },
};

static void
test_case (gconstpointer data)
{
  const Case *it = data;
  guint counts[2];
  g_autoptr (GPtrArray) regions = regions_parse (it->maps, strlen (it->maps), it->program, counts);
  g_autoptr (GString) letters = g_string_new (NULL);

  for (guint i = 0; i < regions->len; i++)
    {
      const AtlasRegion *region = g_ptr_array_index (regions, i);
      g_string_append_c (letters, atlas_kind_get_letter (region->kind));
    }
  g_assert_cmpstr (letters->str, ==, it->letters);
  g_assert_cmpuint (counts[0] + counts[1], ==, 0);
}

/* Regions that were told already and are shared stay as they are. */
static void
test_again (void)
{
  const char *maps = "1000-2000 r-xp 0 8:1 5 /bin/demo\n2000-3000 rw-p 0 8:1 5 /bin/demo\n";
  g_autoptr (GPtrArray) regions = regions_parse (maps, strlen (maps), "/bin/demo", NULL);
  const AtlasRegion *program = g_ptr_array_index (regions, 0);

  atlas_maps_tell_kinds ((AtlasRegion **) regions->pdata, regions->len, "/bin/demo", FALSE);
  g_assert_cmpint (program->kind, ==, ATLAS_KIND_PROGRAM);
  atlas_maps_tell_kinds ((AtlasRegion **) regions->pdata, regions->len, NULL, FALSE);
  g_assert_cmpint (program->kind, ==, ATLAS_KIND_LIBRARY);
  atlas_maps_tell_kinds (NULL, 0, "/bin/demo", FALSE);
}

/* Where there is but one thread, what looks like the stack of another is none. */
static void
test_alone (void)
{
  const char *maps = "7f0000000000-7f0000001000 ---p 0 0:0 0\n"
                     "7f0000001000-7f0000801000 rw-p 0 0:0 0\n";
  g_autoptr (GPtrArray) regions = regions_parse (maps, strlen (maps), NULL, NULL);
  const AtlasRegion *stack = g_ptr_array_index (regions, 1);

  g_assert_cmpint (stack->kind, ==, ATLAS_KIND_THREAD_STACK);
  atlas_maps_tell_kinds ((AtlasRegion **) regions->pdata, regions->len, NULL, TRUE);
  g_assert_cmpint (stack->kind, ==, ATLAS_KIND_ANONYMOUS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/model/maps-kinds/", cases[i].path, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/model/maps-kinds/again", test_again);
  g_test_add_func ("/model/maps-kinds/alone", test_alone);
  return g_test_run ();
}
