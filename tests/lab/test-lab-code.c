/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands and their answers to C. No process: what is written is compared, and compiled. */

#include "atlas-lab-code.h"
#include "lab-compiler.h"

#include <string.h>

/* A command, its answer, and what it is in C; NULL: whatever. */
typedef struct
{
  const char *command, *answer, *code;
} Step;

static char *
add (AtlasLabCode *code, const char *line, const char *text)
{
  g_autoptr (AtlasLabCommand) command = atlas_lab_command_parse (line);
  g_autoptr (AtlasLabAnswer) answer =
      text != NULL ? atlas_lab_answer_parse (text, strlen (text)) : NULL;

  g_assert_true (text == NULL || answer != NULL);
  return atlas_lab_code_add (code, command, answer, "killed by SIGKILL");
}

static AtlasLabCode *
add_all (const Step *steps, gsize n_steps)
{
  AtlasLabCode *code = atlas_lab_code_new ();

  atlas_lab_code_set_address_space (code, 1 << 30);
  for (gsize i = 0; i < n_steps; i++)
    {
      g_autofree char *lines = add (code, steps[i].command, steps[i].answer);

      g_test_message ("%s", steps[i].command);
      if (steps[i].code != NULL)
        g_assert_cmpstr (lines, ==, steps[i].code);
    }
  return code;
}

static void
assert_compiles (AtlasLabCode *code)
{
  g_autofree char *program = atlas_lab_code_dup_program (code);

  g_test_message ("%s", program);
  compiler_remove (compiler_build (program, "-O0"));
  compiler_remove (compiler_build (program, "-O2"));
}

#define OK "ok\tfaults=0 major=0"
#define A "ok address=0x5598a59ac2a0 size=102400 usable=102408 arena=main\tfaults=2 major=0"
#define M "ok address=0x7fef722eb000 size=40000 length=40960\tfaults=0 major=0"
#define NO_MEMORY(call) "error ENOMEM " call ": Cannot allocate memory\tfaults=0 major=0"

static const Step malloc_steps[] = {
  { "malloc a 100K", A, "a = malloc (102400);" },
  { "calloc b 10 4K", A, "b = calloc (10, 4096);" },
  { "malloc a1 102,400", A, "a1 = malloc (102400);" },
  { "malloc a2 100kb", A, "a2 = malloc (102400);" },
  { "calloc b1 4K", A, "b1 = calloc (1, 4096);" },
  { "aligned_alloc c 4096 8K", A, "c = aligned_alloc (4096, 8192);" },
  { "realloc a 200K", "ok address=0x5598a59ac2a0 size=204800 usable=204808 arena=main moved=no",
    "a = realloc (a, 204800);" },
  { "usable a", "ok usable=204808", "malloc_usable_size (a);" },
  { "touch a write", "ok pages=51",
    "for (size_t i = 0; i < pages (a, 204800); i++)\n  page (a, i)[0] = i % 127 + 1;" },
  { "touch a read every 4", "ok pages=13",
    "for (size_t i = 0; i < pages (a, 204800); i += 4)\n  (void) page (a, i)[0];" },
  { "touch a write first", "ok pages=1", "page (a, 0)[0] = 1;" },
  { "touch a read random 50", "ok pages=26",
    "choose (pages (a, 204800), 50);\nfor (size_t i = 0; i < pages (a, 204800); i++)\n"
    "  if (chosen (i))\n    (void) page (a, i)[0];" },
  { "touch a write from 3 to 7", "ok pages=4",
    "for (size_t i = 3; i < 7; i++)\n  page (a, i)[0] = i % 127 + 1;" },
  { "fill a 255", "ok bytes=204800", "memset (a, 255, 204800);" },
  /* neighbours share the first and the last page */
  { "madvise a dontneed", "ok", "madvise ((void *) page (a, 1), 49 * page_size, MADV_DONTNEED);" },
  { "mlock a", "ok", "mlock (a, 204800);" },
  { "mlock a from 1 to 2", "ok", "mlock ((void *) page (a, 1), page_size);" },
  { "munlock a", "ok", "munlock (a, 204800);" },
  { "mincore a", "ok pages=51 resident=2 map=2x1,49x0", "resident (a, 204800);" },
  { "mprotect a r", "ok", "mprotect ((void *) page (a, 1), 49 * page_size, PROT_READ);" },
  { "mprotect a rw from 1 to 50", "ok",
    "mprotect ((void *) page (a, 1), 49 * page_size, PROT_READ | PROT_WRITE);" },
  { "mallopt mmap_threshold 64K", "ok", "mallopt (M_MMAP_THRESHOLD, 65536);" },
  { "mallopt mmap_max -1", "ok", "mallopt (M_MMAP_MAX, -1);" },
  { "malloc_trim", "ok released=1", "malloc_trim (0);" },
  { "malloc_trim 4K", "ok released=0", "malloc_trim (4096);" },
  { "malloc_stats", "ok", "malloc_stats ();" },
  { "malloc_info", "ok", "malloc_info (0, stderr);" },
  { "mallinfo", "ok arena=1", "struct mallinfo2 info = mallinfo2 ();" },
  { "malloc big 16777215T", NO_MEMORY ("malloc"),
    "p_big = malloc (opaque (18446742974197923840ul));" },
  { "calloc huge 4611686018427387903 8", NO_MEMORY ("calloc"), NULL },
  { "realloc a 100T", NO_MEMORY ("realloc"), "a = realloc (a, 109951162777600);" },
  { "malloc zero 0", "ok address=0x5598a59ac2a0 size=0 usable=24 arena=main", NULL },
  { "realloc zero 0", "ok freed=yes", "p_zero = realloc (p_zero, 0);" },
  { "aligned_alloc odd 3 100", "error EINVAL aligned_alloc: Invalid argument", NULL },
  { "sbrk s 64K", "ok address=0x5598a5a00000 break=0x5598a5a10000", "s = sbrk (65536);" },
  { "sbrk -32K", "ok address=0x5598a5a10000 break=0x5598a5a08000", "sbrk (-32768);" },
  { "touch s write", "ok pages=8",
    "for (size_t i = 0; i < pages (s, 32768); i++)\n  page (s, i)[0] = i % 127 + 1;" },
  { "sbrk 0", "ok address=0x5598a5a08000 break=0x5598a5a08000", "sbrk (0);" },
  { "free a", OK, "free (a);" },
  { "free b", OK, "free (b);" },
  { "free c", OK, "free (c);" },
};

static const Step mmap_steps[] = {
  { "mmap m 40000", M,
    "m = mmap (NULL, 40000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);" },
  { "mmap n 1M shared populate noreserve locked stack prot=none", M,
    "n = mmap (NULL, 1048576, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS | MAP_LOCKED | MAP_NORESERVE |"
    " MAP_POPULATE | MAP_STACK, -1, 0);" },
  { "mmap f 4K fixed=0x10000000 prot=rx", M,
    "f = mmap ((void *) 0x10000000, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE |"
    " MAP_FIXED_NOREPLACE | MAP_ANONYMOUS, -1, 0);" },
  { "mmap p 4K \"file=/tmp/a b\\\"?\?/*\" offset=4K", M,
    "fd = open (\"/tmp/a b\\\"\\?\\?/*\", O_RDWR | O_CLOEXEC);\nif (fd < 0)\n"
    "  fd = open (\"/tmp/a b\\\"\\?\\?/*\", O_RDONLY | O_CLOEXEC);\n"
    "p = mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 4096);\nclose (fd);" },
  { "mmap q 4K file=/nowhere shared", "error ENOENT open: No such file or directory",
    "fd = open (\"/nowhere\", O_RDWR | O_CLOEXEC);" },
  { "mmap h 2M huge", NO_MEMORY ("mmap"), NULL },
  { "memfd d 8K", M,
    "fd = memfd_create (\"d\", MFD_CLOEXEC);\nftruncate (fd, 8192);\n"
    "d = mmap (NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);\nclose (fd);" },
  { "mlock m onfault", "ok", "mlock2 (m, 40960, MLOCK_ONFAULT);" },
  { "mlock m onfault from 1 to 3", "ok",
    "mlock2 ((void *) page (m, 1), 2 * page_size, MLOCK_ONFAULT);" },
  { "mlockall", "ok", "mlockall (MCL_CURRENT);" },
  { "mlockall current future onfault", "ok", "mlockall (MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);" },
  { "mlockall", NO_MEMORY ("mlockall"), "mlockall (MCL_CURRENT);" },
  { "munlockall", "ok", "munlockall ();" },
  { "madvise m free", "ok", "madvise (m, 40960, MADV_FREE);" },
  { "madvise m collapse", "error EINVAL madvise: Invalid argument",
    "madvise (m, 40960, MADV_COLLAPSE);" },
  { "madvise m guard_install from 2 to 3", "ok",
    "madvise ((void *) page (m, 2), page_size, MADV_GUARD_INSTALL);" },
  { "mincore m", "ok pages=10 resident=0 map=10x0", "resident (m, 40960);" },
  { "mremap m 80000 maymove",
    "ok address=0x7fef722eb000 size=80000 length=81920 moved=no\tfaults=0 major=0",
    "m = mremap (m, 40960, 80000, MREMAP_MAYMOVE);" },
  { "mremap m 100T", NO_MEMORY ("mremap"), "m = mremap (m, 81920, 109951162777600, 0);" },
  { "munmap m from 2 to 5", "ok address=0x7fef722ed000 length=12288 rest=m.2",
    "munmap ((void *) page (m, 2), 3 * page_size);\np_m_2 = (void *) page (m, 5);" },
  { "touch m.2 write", "ok pages=15",
    "for (size_t i = 0; i < pages (p_m_2, 61440); i++)\n  page (p_m_2, i)[0] = i % 127 + 1;" },
  { "munmap m.2 from 0 to 1", "ok address=0x7fef722f0000 length=4096",
    "munmap ((void *) page (p_m_2, 0), page_size);\np_m_2 = (void *) page (p_m_2, 1);" },
  { "munmap m.2", "ok address=0x7fef722f1000 length=57344", "munmap (p_m_2, 57344);" },
  { "munmap m", "ok address=0x7fef722eb000 length=8192", "munmap (m, 8192);" },
};

static const Step process_steps[] = {
  { "getrlimit memlock", "ok name=memlock soft=8388608 hard=8388608",
    "getrlimit (RLIMIT_MEMLOCK, &limit);" },
  { "getrlimit", "ok as=1:2", "" },
  { "setrlimit memlock 64K", "ok",
    "getrlimit (RLIMIT_MEMLOCK, &limit);\nlimit.rlim_cur = 65536u;\n"
    "setrlimit (RLIMIT_MEMLOCK, &limit);" },
  { "setrlimit as unlimited unlimited", "error EPERM setrlimit: Operation not permitted",
    "getrlimit (RLIMIT_AS, &limit);\nlimit.rlim_cur = RLIM_INFINITY;\n"
    "limit.rlim_max = RLIM_INFINITY;\nsetrlimit (RLIMIT_AS, &limit);" },
  { "overflow", "error SIGSEGV overflow: the stack is full at 0x7f", "dig (1073741824);" },
  { "overflow 64K", "ok size=65536", "dig (65536);" },
  { "mmap m 4K prot=none", M, NULL },
  { "touch m read", "error SIGSEGV touch: no permission at 0x7f (SEGV_ACCERR), page 0 of m",
    "for (size_t i = 0; i < pages (m, 40960); i++)\n  (void) page (m, i)[0];" },
  { "thread start t", "ok tid=5 stack=0x7f",
    "pthread_create (&thread_t, NULL, run_thread_t, NULL);" },
  { "thread t malloc a 100K", A, "a = malloc (102400);" },
  { "fork kid", "ok pid=7", "child_kid = fork ();" },
  { "child kid touch a write", "ok pages=26 child=kid pid=7",
    "for (size_t i = 0; i < pages (a, 102400); i++)\n  page (a, i)[0] = i % 127 + 1;" },
  { "child kid fork x", "ok pid=8 child=kid pid=7", "child_kid_child_x = fork ();" },
  { "child kid child x free a", "ok child=x pid=8 child=kid pid=7", "free (a);" },
  { "child kid thread start t", "ok tid=9 stack=0x7f child=kid pid=7", NULL },
  { "child kid thread t malloc b 1", A, "b = malloc (1);" },
  { "thread stop t", OK, "pthread_join (thread_t, NULL);" },
  { "thread start t", "ok tid=6 stack=0x7f",
    "pthread_create (&thread_t_2, NULL, run_thread_t_2, NULL);" },
  { "thread t exit", "ok status=0", "pthread_exit (NULL);" },
  { "fork other", "ok pid=10", NULL },
  { "child other exit 3", "ok status=3 child=other pid=10", "_exit (3);" },
  { "fork other", "ok pid=11", "child_other_2 = fork ();" },
  { "list", "ok allocations=1", "" },
  { "help", "ok", "" },
  { "thresholds", "ok mmap_threshold=1", "" },
  { "free zz", "error EINVAL free: no allocation is called \"zz\" */ /*", "" },
  { "fork no", "error EAGAIN fork: Resource temporarily unavailable", "" },
  { "free a", OK, "free (a);" },
  { "exit 2", "ok status=2", "_exit (2);" },
};

static void
test_malloc (void)
{
  g_autoptr (AtlasLabCode) code = add_all (malloc_steps, G_N_ELEMENTS (malloc_steps));

  assert_compiles (code);
}

static void
test_mmap (void)
{
  g_autoptr (AtlasLabCode) code = add_all (mmap_steps, G_N_ELEMENTS (mmap_steps));

  assert_compiles (code);
}

static void
test_process (void)
{
  g_autoptr (AtlasLabCode) code = add_all (process_steps, G_N_ELEMENTS (process_steps));

  assert_compiles (code);
}

static void
assert_compiles_alone (const Step *step)
{
  g_autoptr (AtlasLabCode) code = atlas_lab_code_new ();
  g_autofree char *first = add (code, "mmap m 40000", M);
  g_autofree char *second = add (code, "malloc a 100K", A);
  g_autofree char *lines = add (code, step->command, step->answer);
  g_autofree char *program = atlas_lab_code_dup_program (code);

  g_test_message ("%s", step->command);
  compiler_remove (compiler_build (program, "-fsyntax-only"));
}

/* Each command by itself, so that each part of the program is complete without the others. */
static void
test_alone (void)
{
  const Step *tables[] = { malloc_steps, mmap_steps, process_steps };
  const gsize lengths[] = { G_N_ELEMENTS (malloc_steps), G_N_ELEMENTS (mmap_steps),
                            G_N_ELEMENTS (process_steps) };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    for (gsize j = 0; j < lengths[i]; j++)
      {
        const Step *step = &tables[i][j];
        gsize length = strcspn (step->command, " ");

        if (g_hash_table_add (seen, g_strndup (step->command, length)))
          assert_compiles_alone (step);
      }
}

static void
test_empty (void)
{
  g_autoptr (AtlasLabCode) code = atlas_lab_code_new ();
  g_autofree char *program = atlas_lab_code_dup_program (code);
  char *path = compiler_build (program, "-O0");
  g_autofree char *output = compiler_run (path, 0);

  g_assert_cmpstr (output, ==, "");
  compiler_remove (path);
}

/* Names that C has other plans for, and names that would be the same. */
static void
test_names (void)
{
  static const char *const names[] = { "if",   "do",     "i",     "fd",   "y0",   "int",  "main",
                                       "free", "printf", "errno", "a.b",  "a_b",  "a-b",  "_",
                                       "0",    "9lives", "page",  "step", "NULL", "else", "ab" };
  g_autoptr (AtlasLabCode) code = atlas_lab_code_new ();
  g_autofree char *program = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *command = g_strdup_printf ("malloc %s 1", names[i]);
      g_autofree char *thread = g_strdup_printf ("thread start %s", names[i]);
      g_autofree char *child = g_strdup_printf ("fork %s", names[i]);
      g_autofree char *lines = add (code, command, A);

      g_free (add (code, thread, "ok tid=5 stack=0x7f"));
      g_free (add (code, child, "ok pid=5"));
    }
  program = atlas_lab_code_dup_program (code);
  g_assert_nonnull (strstr (program, "static char *p_a_b;\n"));
  g_assert_nonnull (strstr (program, "static char *p_a_b_2;\n"));
  g_assert_nonnull (strstr (program, "static char *p_a_b_3;\n"));
  g_assert_nonnull (strstr (program, "static char *ab;\n"));
  assert_compiles (code);
}

/* What the process died of is in the program, with how it ended. */
static void
test_end (void)
{
  g_autoptr (AtlasLabCode) code = atlas_lab_code_new ();
  g_autofree char *first = add (code, "malloc a 1G", A);
  g_autofree char *last = add (code, "touch a write", NULL);
  g_autofree char *program = atlas_lab_code_dup_program (code);

  g_assert_true (g_str_has_prefix (last, "for "));
  g_assert_nonnull (strstr (program, "in the lab this was the end: killed by SIGKILL"));
  assert_compiles (code);
}

/* Not from before: what an answer leaves out, what there is none of. */
static void
test_odd (void)
{
  static const Step steps[] = {
    { "malloc a 1K", "ok", "a = malloc (1024);" },
    { "touch a write", "ok pages=0", NULL },
    { "touch b write", "ok pages=0", "" },
    { "malloc a", "ok", "" },
    { "malloc a bogus", "ok", "" },
    { "madvise a bogus", "ok", "" },
    { "mlock a from 5 to 2", "ok", NULL },
    { "munmap a from 5 to 2", "ok", NULL },
    { "child none free a", "ok", "" },
    { "thread none free a", "ok", "" },
    { "thread stop none", "ok", "" },
    { "mmap m bogus", "ok", "" },
    { "mmap m 1 prot=bogus fixed=bogus offset=bogus what", "ok", NULL },
    { "munmap m", "ok", NULL },
    { "sbrk bogus", "ok", "" },
    { "setrlimit bogus 1", "ok", "" },
    { "setrlimit as bogus", "ok", NULL },
  };
  g_autoptr (AtlasLabCode) code = add_all (steps, G_N_ELEMENTS (steps));

  assert_compiles (code);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/code/empty", test_empty);
  g_test_add_func ("/lab/code/malloc", test_malloc);
  g_test_add_func ("/lab/code/mmap", test_mmap);
  g_test_add_func ("/lab/code/process", test_process);
  g_test_add_func ("/lab/code/alone", test_alone);
  g_test_add_func ("/lab/code/names", test_names);
  g_test_add_func ("/lab/code/end", test_end);
  g_test_add_func ("/lab/code/odd", test_odd);
  return g_test_run ();
}
