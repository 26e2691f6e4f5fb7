/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every call of the tracer's table, with arguments that are written down twice: as C for the
 * compiler, and as the text that is expected in the trace. Results are what the kernel gave.
 * Nothing else is called between the marks, so the trace must hold these calls and no others. */

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mempolicy.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "trace-subject.h"

#define PAGE 4096L
#define MOST_NOTES 65536

static char notes[MOST_NOTES];
static size_t notes_length;

static void
note (const char *format, va_list arguments)
{
  notes_length +=
      (size_t) vsnprintf (notes + notes_length, sizeof notes - notes_length, format, arguments);
}

static void note_plain (const char *format, ...) __attribute__ ((format (printf, 1, 2)));

static void
note_plain (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  note (format, arguments);
  va_end (arguments);
}

static long value (long result, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
static long address (long result, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* A call that was made: its text, a tab, the result, a tab, the error's number. */
static long
value (long result, const char *format, ...)
{
  int error = result == -1 ? errno : 0;
  va_list arguments;

  va_start (arguments, format);
  note (format, arguments);
  va_end (arguments);
  note_plain ("\t%ld\t%d\n", result, error);
  return result;
}

/* The same for one that gives an address. */
static long
address (long result, const char *format, ...)
{
  int error = result == -1 ? errno : 0;
  va_list arguments;

  va_start (arguments, format);
  note (format, arguments);
  va_end (arguments);
  if (error != 0)
    note_plain ("\t-1\t%d\n", error);
  else
    note_plain ("\t0x%lx\t0\n", (unsigned long) result);
  return result;
}

static long area;

static void
map (void)
{
  area = address (syscall (SYS_mmap, 0L, 16 * PAGE, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L),
                  "mmap (NULL, 65536, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)");
  address (syscall (SYS_mmap, area, 2 * PAGE, PROT_NONE,
                    MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE | MAP_STACK, -1, 0L),
           "mmap (0x%lx, 8192, PROT_NONE, MAP_SHARED|MAP_FIXED|MAP_ANONYMOUS|MAP_NORESERVE|"
           "MAP_STACK, -1, 0)",
           area);
  address (syscall (SYS_mmap, 0L, 2 * PAGE, PROT_READ | PROT_EXEC,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_LOCKED, -1, 0L),
           "mmap (NULL, 8192, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_ANONYMOUS|MAP_LOCKED|"
           "MAP_POPULATE, -1, 0)");
  address (syscall (SYS_mmap, 0L, 0L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L),
           "mmap (NULL, 0, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)");
  address (syscall (SYS_mmap, 0L, 1L << 62, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L),
           "mmap (NULL, 4611686018427387904, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)");
  address (syscall (SYS_mmap, 0L, PAGE, PROT_READ, MAP_PRIVATE, 12345, 8 * PAGE),
           "mmap (NULL, 4096, PROT_READ, MAP_PRIVATE, 12345, 32768)");
  address (syscall (SYS_mmap, 0L, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 1L),
           "mmap (NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 1)");
}

static void
change (void)
{
  long at = area + 8 * PAGE;
  long moved;

  value (syscall (SYS_mprotect, at, PAGE, PROT_READ), "mprotect (0x%lx, 4096, PROT_READ)", at);
  value (syscall (SYS_mprotect, at + 1, PAGE, PROT_READ), "mprotect (0x%lx, 4096, PROT_READ)",
         at + 1);
  value (syscall (SYS_pkey_mprotect, at, PAGE, PROT_READ | PROT_WRITE, -1),
         "pkey_mprotect (0x%lx, 4096, PROT_READ|PROT_WRITE, -1)", at);
  value (syscall (SYS_munmap, at + 4 * PAGE, PAGE), "munmap (0x%lx, 4096)", at + 4 * PAGE);
  value (syscall (SYS_munmap, 1L, PAGE), "munmap (0x1, 4096)");
  moved = address (syscall (SYS_mremap, at, PAGE, 2 * PAGE, MREMAP_MAYMOVE, 0x1234L),
                   "mremap (0x%lx, 4096, 8192, MREMAP_MAYMOVE)", at);
  address (syscall (SYS_mremap, moved, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at),
           "mremap (0x%lx, 4096, 4096, MREMAP_MAYMOVE|MREMAP_FIXED, 0x%lx)", moved, at);
  address (syscall (SYS_mremap, 4096L, PAGE, PAGE, 0), "mremap (0x1000, 4096, 4096, 0)");
  value (syscall (SYS_remap_file_pages, area, PAGE, 0L, 0L, 0L),
         "remap_file_pages (0x%lx, 4096, PROT_NONE, 0, 0)", area);
}

static void
lock (void)
{
  long at = area + 4 * PAGE;

  value (syscall (SYS_mlock, at, PAGE), "mlock (0x%lx, 4096)", at);
  value (syscall (SYS_mlock2, at, PAGE, MLOCK_ONFAULT), "mlock2 (0x%lx, 4096, MLOCK_ONFAULT)", at);
  value (syscall (SYS_mlock2, at, PAGE, 64), "mlock2 (0x%lx, 4096, 0x40)", at);
  value (syscall (SYS_munlock, at, PAGE), "munlock (0x%lx, 4096)", at);
  value (syscall (SYS_mlock, 4096L, PAGE), "mlock (0x1000, 4096)");
  value (syscall (SYS_mlockall, MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT),
         "mlockall (MCL_CURRENT|MCL_FUTURE|MCL_ONFAULT)");
  value (syscall (SYS_munlockall), "munlockall ()");
  value (syscall (SYS_mlockall, 0), "mlockall (0)");
}

static void
advise (void)
{
  static unsigned char resident[16];
  long at = area + 4 * PAGE;
  struct iovec range = { (void *) at, (size_t) PAGE };

  value (syscall (SYS_madvise, at, PAGE, MADV_DONTNEED), "madvise (0x%lx, 4096, MADV_DONTNEED)",
         at);
  value (syscall (SYS_madvise, at, PAGE, MADV_FREE), "madvise (0x%lx, 4096, MADV_FREE)", at);
  value (syscall (SYS_madvise, at, PAGE, 4711), "madvise (0x%lx, 4096, 4711)", at);
  value (syscall (SYS_mincore, at, PAGE, resident), "mincore (0x%lx, 4096, 0x%lx)", at,
         (long) resident);
  value (syscall (SYS_msync, at, PAGE, MS_SYNC | MS_INVALIDATE),
         "msync (0x%lx, 4096, MS_INVALIDATE|MS_SYNC)", at);
  value (syscall (440 /* process_madvise */, -1, &range, 1L, MADV_COLD, 0),
         "process_madvise (-1, [{0x%lx, 4096}], 1, MADV_COLD, 0)", at);
  value (syscall (440, -1, 16L, 1L, MADV_COLD, 0), "process_madvise (-1, 0x10, 1, MADV_COLD, 0)");
  value (syscall (448 /* process_mrelease */, -1, 0), "process_mrelease (-1, 0)");
  value (syscall (462 /* mseal */, at, PAGE, 7L), "mseal (0x%lx, 4096, 7)", at);
}

static void
share (int segment)
{
  long at = address (syscall (SYS_shmat, segment, 0L, SHM_RDONLY), "shmat (%d, NULL, SHM_RDONLY)",
                     segment);

  value (syscall (SYS_shmdt, at), "shmdt (0x%lx)", at);
  value (syscall (SYS_shmdt, 0L), "shmdt (NULL)");
  value (syscall (SYS_memfd_create, "a \"name\" with \\", MFD_CLOEXEC | MFD_ALLOW_SEALING),
         "memfd_create (\"a \\\"name\\\" with \\\\\", MFD_CLOEXEC|MFD_ALLOW_SEALING)");
  value (syscall (SYS_memfd_create, NULL, 0), "memfd_create (NULL, 0)");
  value (syscall (SYS_memfd_create, "huge", 4 | 21u << 26),
         "memfd_create (\"huge\", MFD_HUGETLB|21<<MFD_HUGE_SHIFT)");
  value (syscall (447 /* memfd_secret */, O_CLOEXEC), "memfd_secret (O_CLOEXEC)");
  value (syscall (SYS_userfaultfd, O_CLOEXEC | 1), "userfaultfd (O_CLOEXEC|UFFD_USER_MODE_ONLY)");
  address (syscall (453 /* map_shadow_stack */, 0L, PAGE, 1),
           "map_shadow_stack (NULL, 4096, SHADOW_STACK_SET_TOKEN)");
}

static void
place (void)
{
  unsigned long nodes = 1;

  value (
      syscall (SYS_mbind, area, PAGE, MPOL_BIND | MPOL_F_STATIC_NODES, &nodes, 2L, MPOL_MF_STRICT),
      "mbind (0x%lx, 4096, MPOL_BIND|MPOL_F_STATIC_NODES, 0x%lx, 2, MPOL_MF_STRICT)", area,
      (long) &nodes);
  value (syscall (SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0L),
         "set_mempolicy (MPOL_DEFAULT, NULL, 0)");
  value (syscall (450 /* set_mempolicy_home_node */, area, PAGE, 0L, 0L),
         "set_mempolicy_home_node (0x%lx, 4096, 0, 0)", area);
  value (syscall (SYS_migrate_pages, -5, 2L, &nodes, &nodes), "migrate_pages (-5, 2, 0x%lx, 0x%lx)",
         (long) &nodes, (long) &nodes);
  value (syscall (SYS_move_pages, 0, 0L, NULL, NULL, NULL, MPOL_MF_MOVE),
         "move_pages (0, 0, NULL, NULL, NULL, MPOL_MF_MOVE)");
}

/* Those that only ask are not traced. */
static void
limit (void)
{
  struct rlimit limit = { 1 << 20, RLIM_INFINITY };
  struct rlimit before;

  syscall (SYS_prlimit64, 0, RLIMIT_DATA, NULL, &before);
  value (syscall (SYS_prlimit64, 0, RLIMIT_MEMLOCK, &limit, NULL),
         "prlimit64 (0, RLIMIT_MEMLOCK, {1048576, RLIM_INFINITY}, NULL)");
  value (syscall (SYS_prlimit64, 0, 99, 16L, &before), "prlimit64 (0, 99, 0x10, 0x%lx)",
         (long) &before);
  limit.rlim_max = 1 << 20;
  value (syscall (SYS_setrlimit, RLIMIT_MEMLOCK, &limit),
         "setrlimit (RLIMIT_MEMLOCK, {1048576, 1048576})");
}

/* Of process 1 it is refused. Asking is not traced. The first version has 32 of each; what the
 * kernel does not know it answers with the version that it does. */
static void
give_up (void)
{
  struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 1 };
  struct __user_cap_data_struct data[2] = { { 0x4000, 0xff, 0 }, { 1, 0, 2 } };

  value (syscall (SYS_capset, &header, data),
         "capset ({version=_LINUX_CAPABILITY_VERSION_3, pid=1}, "
         "{effective=0x100004000, permitted=0xff, inheritable=0x200000000})");
  header.version = _LINUX_CAPABILITY_VERSION_1;
  value (syscall (SYS_capset, &header, data),
         "capset ({version=_LINUX_CAPABILITY_VERSION_1, pid=1}, "
         "{effective=0x4000, permitted=0xff, inheritable=0})");
  header.version = 5;
  value (syscall (SYS_capset, &header, data), "capset ({version=0x5, pid=1}, 0x%lx)", (long) data);
  header = (struct __user_cap_header_struct){ _LINUX_CAPABILITY_VERSION_3, 0 };
  value (syscall (SYS_capset, &header, 16L),
         "capset ({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, 0x10)");
  value (syscall (SYS_capset, NULL, NULL), "capset (NULL, NULL)");
  syscall (SYS_capget, &header, data);
  memset (data, 0, sizeof data);
  value (syscall (SYS_capset, &header, data),
         "capset ({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, "
         "{effective=0, permitted=0, inheritable=0})");
}

/* The kernel gives the break, also where it refuses to move it. */
static void
grow (void)
{
  long end = address (syscall (SYS_brk, 0L), "brk (NULL)");

  address (syscall (SYS_brk, end + PAGE), "brk (0x%lx)", end + PAGE);
  address (syscall (SYS_brk, 1L), "brk (0x1)");
}

int
subject_calls (char **words)
{
  int segment = shmget (IPC_PRIVATE, (size_t) PAGE, IPC_CREAT | 0600);

  subject_mark (SUBJECT_BEGIN);
  map ();
  change ();
  lock ();
  advise ();
  share (segment);
  place ();
  limit ();
  grow ();
  give_up ();
  subject_mark (SUBJECT_END);
  shmctl (segment, IPC_RMID, NULL);
  if (write (STDOUT_FILENO, notes, notes_length) != (ssize_t) notes_length)
    return EXIT_FAILURE;
  return EXIT_SUCCESS;
}

/* Maps a file, its second page on, and one that was deleted. */
int
subject_file (char **words)
{
  int file = open (words[0], O_RDWR);
  int memfd = memfd_create ("gone", 0);

  if (file < 0 || memfd < 0)
    return EXIT_FAILURE;
  subject_mark (SUBJECT_BEGIN);
  mmap (NULL, (size_t) PAGE, PROT_READ, MAP_PRIVATE, file, PAGE);
  mmap (NULL, (size_t) PAGE, PROT_READ, MAP_SHARED, memfd, 0);
  mmap (NULL, (size_t) PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, file, 0);
  unlink (words[0]);
  mmap (NULL, (size_t) PAGE, PROT_READ, MAP_PRIVATE, file, 0);
  subject_mark (SUBJECT_END);
  return EXIT_SUCCESS;
}

#ifdef __x86_64__
static void
skip_cb (int number)
{
  _exit (SUBJECT_CANNOT);
}
#endif

/* x32, 32-bit: calls whose numbers are those of mmap, mprotect, munmap and brk elsewhere. For
 * 32-bit programs they are link, unlink, execve and chdir, here of nothing. They fail, and do
 * nothing. */
int
subject_foreign (char **words)
{
#ifdef __x86_64__
  int is_x32 = strcmp (words[0], "x32") == 0;

  signal (SIGSEGV, skip_cb);
  subject_mark (SUBJECT_BEGIN);
  for (long number = SYS_mmap; number <= SYS_brk; number++)
    {
      long result = number;

      if (is_x32)
        syscall (0x40000000L | number, 0L, 0L, 0L, 0L, 0L, 0L);
      else
        __asm__ volatile("int $0x80" : "+a"(result) : "b"(0L), "c"(0L), "d"(0L) : "memory");
    }
  subject_mark (SUBJECT_END);
  return EXIT_SUCCESS;
#else
  return SUBJECT_CANNOT;
#endif
}

/* As one thread renames another. */
static void
write_name (const char *name)
{
  int file = open ("/proc/thread-self/comm", O_WRONLY);

  if (file < 0 || write (file, name, strlen (name)) < 0)
    _exit (EXIT_FAILURE);
  close (file);
}

/* One call under each name that is given, in turn set by itself and by other means. */
int
subject_names (char **words)
{
  subject_mark (SUBJECT_BEGIN);
  for (int i = 0; words[i] != NULL; i++)
    {
      if (i % 2 == 0)
        prctl (PR_SET_NAME, words[i]);
      else
        write_name (words[i]);
      munlock (NULL, 0);
    }
  subject_mark (SUBJECT_END);
  return EXIT_SUCCESS;
}
