/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of errors, signals, advice, parameters and limits. Where the headers of the system are
 * older than the kernel's interface, its numbers are written down here, so that a program built
 * there still knows them; they are the same on all machines but those named.
 * Source: include/uapi/asm-generic of the kernel, malloc.h of glibc. */

#include "atlas-lab-words.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

typedef struct
{
  int number;
  const char *name;
} Numbered;

#define N_ELEMENTS(array) (sizeof (array) / sizeof (array)[0])
#define NAMED(constant)                                                                            \
  {                                                                                                \
    constant, #constant                                                                            \
  }
#define ADVICE(word, name, value)                                                                  \
  {                                                                                                \
    word, "MADV_" name, value                                                                      \
  }

/* In the order in which a person meets them. */
const AtlasLabWord atlas_lab_advice[] = {
  ADVICE ("normal", "NORMAL", MADV_NORMAL),
  ADVICE ("random", "RANDOM", MADV_RANDOM),
  ADVICE ("sequential", "SEQUENTIAL", MADV_SEQUENTIAL),
  ADVICE ("willneed", "WILLNEED", MADV_WILLNEED),
  ADVICE ("dontneed", "DONTNEED", MADV_DONTNEED),
  ADVICE ("free", "FREE", 8),
  ADVICE ("remove", "REMOVE", 9),
  ADVICE ("dontfork", "DONTFORK", 10),
  ADVICE ("dofork", "DOFORK", 11),
  ADVICE ("mergeable", "MERGEABLE", 12),
  ADVICE ("unmergeable", "UNMERGEABLE", 13),
  ADVICE ("hugepage", "HUGEPAGE", 14),
  ADVICE ("nohugepage", "NOHUGEPAGE", 15),
  ADVICE ("dontdump", "DONTDUMP", 16),
  ADVICE ("dodump", "DODUMP", 17),
  ADVICE ("wipeonfork", "WIPEONFORK", 18),
  ADVICE ("keeponfork", "KEEPONFORK", 19),
  ADVICE ("cold", "COLD", 20),
  ADVICE ("pageout", "PAGEOUT", 21),
  ADVICE ("populate_read", "POPULATE_READ", 22),
  ADVICE ("populate_write", "POPULATE_WRITE", 23),
  ADVICE ("dontneed_locked", "DONTNEED_LOCKED", 24),
  ADVICE ("collapse", "COLLAPSE", 25),
  ADVICE ("guard_install", "GUARD_INSTALL", 102),
  ADVICE ("guard_remove", "GUARD_REMOVE", 103),
  { NULL, NULL, 0 },
};

/* What madvise can do, too, but the lab does not: pages once poisoned are lost to the machine. */
static const Numbered other_advice[] = {
  { 100, "MADV_HWPOISON" },
  { 101, "MADV_SOFT_OFFLINE" },
};

const AtlasLabWord atlas_lab_mallopt[] = {
#ifdef M_MMAP_THRESHOLD
  { "mmap_threshold", "M_MMAP_THRESHOLD", M_MMAP_THRESHOLD },
  { "mmap_max", "M_MMAP_MAX", M_MMAP_MAX },
  { "trim_threshold", "M_TRIM_THRESHOLD", M_TRIM_THRESHOLD },
  { "top_pad", "M_TOP_PAD", M_TOP_PAD },
  { "mxfast", "M_MXFAST", M_MXFAST },
  { "arena_test", "M_ARENA_TEST", M_ARENA_TEST },
  { "arena_max", "M_ARENA_MAX", M_ARENA_MAX },
  { "perturb", "M_PERTURB", M_PERTURB },
  { "check_action", "M_CHECK_ACTION", M_CHECK_ACTION },
#endif
  { NULL, NULL, 0 },
};

const AtlasLabWord atlas_lab_rlimits[] = {
  { "as", "RLIMIT_AS", RLIMIT_AS },
  { "core", "RLIMIT_CORE", RLIMIT_CORE },
  { "cpu", "RLIMIT_CPU", RLIMIT_CPU },
  { "data", "RLIMIT_DATA", RLIMIT_DATA },
  { "fsize", "RLIMIT_FSIZE", RLIMIT_FSIZE },
  { "locks", "RLIMIT_LOCKS", RLIMIT_LOCKS },
  { "memlock", "RLIMIT_MEMLOCK", RLIMIT_MEMLOCK },
  { "msgqueue", "RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE },
  { "nice", "RLIMIT_NICE", RLIMIT_NICE },
  { "nofile", "RLIMIT_NOFILE", RLIMIT_NOFILE },
  { "nproc", "RLIMIT_NPROC", RLIMIT_NPROC },
  { "rss", "RLIMIT_RSS", RLIMIT_RSS },
  { "rtprio", "RLIMIT_RTPRIO", RLIMIT_RTPRIO },
  { "rttime", "RLIMIT_RTTIME", RLIMIT_RTTIME },
  { "sigpending", "RLIMIT_SIGPENDING", RLIMIT_SIGPENDING },
  { "stack", "RLIMIT_STACK", RLIMIT_STACK },
  { NULL, NULL, 0 },
};

static const Numbered errors[] = {
  NAMED (EPERM),
  NAMED (ENOENT),
  NAMED (ESRCH),
  NAMED (EINTR),
  NAMED (EIO),
  NAMED (ENXIO),
  NAMED (E2BIG),
  NAMED (ENOEXEC),
  NAMED (EBADF),
  NAMED (ECHILD),
  NAMED (EAGAIN),
  NAMED (ENOMEM),
  NAMED (EACCES),
  NAMED (EFAULT),
  NAMED (ENOTBLK),
  NAMED (EBUSY),
  NAMED (EEXIST),
  NAMED (EXDEV),
  NAMED (ENODEV),
  NAMED (ENOTDIR),
  NAMED (EISDIR),
  NAMED (EINVAL),
  NAMED (ENFILE),
  NAMED (EMFILE),
  NAMED (ENOTTY),
  NAMED (ETXTBSY),
  NAMED (EFBIG),
  NAMED (ENOSPC),
  NAMED (ESPIPE),
  NAMED (EROFS),
  NAMED (EMLINK),
  NAMED (EPIPE),
  NAMED (EDOM),
  NAMED (ERANGE),
  NAMED (EDEADLK),
  NAMED (ENAMETOOLONG),
  NAMED (ENOLCK),
  NAMED (ENOSYS),
  NAMED (ENOTEMPTY),
  NAMED (ELOOP),
  NAMED (ENOMSG),
  NAMED (EIDRM),
  NAMED (ENOSTR),
  NAMED (ENODATA),
  NAMED (ETIME),
  NAMED (ENOLINK),
  NAMED (EPROTO),
  NAMED (EBADMSG),
  NAMED (EOVERFLOW),
  NAMED (EILSEQ),
  NAMED (EUSERS),
  NAMED (ENOTSOCK),
  NAMED (EMSGSIZE),
  NAMED (ENOPROTOOPT),
  NAMED (EOPNOTSUPP),
  NAMED (EADDRINUSE),
  NAMED (ECONNRESET),
  NAMED (ENOBUFS),
  NAMED (ETIMEDOUT),
  NAMED (ECONNREFUSED),
  NAMED (EALREADY),
  NAMED (EINPROGRESS),
  NAMED (ESTALE),
  NAMED (EDQUOT),
  NAMED (ECANCELED),
  NAMED (EOWNERDEAD),
  NAMED (ENOTRECOVERABLE),
  NAMED (EHWPOISON),
  /* inside the kernel only, but a tracer sees them */
  { 512, "ERESTARTSYS" },
  { 513, "ERESTARTNOINTR" },
  { 514, "ERESTARTNOHAND" },
  { 516, "ERESTART_RESTARTBLOCK" },
};

static const Numbered signals[] = {
  NAMED (SIGHUP),    NAMED (SIGINT),   NAMED (SIGQUIT), NAMED (SIGILL),  NAMED (SIGTRAP),
  NAMED (SIGABRT),   NAMED (SIGBUS),   NAMED (SIGFPE),  NAMED (SIGKILL), NAMED (SIGUSR1),
  NAMED (SIGSEGV),   NAMED (SIGUSR2),  NAMED (SIGPIPE), NAMED (SIGALRM), NAMED (SIGTERM),
#ifdef SIGSTKFLT
  NAMED (SIGSTKFLT),
#endif
  NAMED (SIGCHLD),   NAMED (SIGCONT),  NAMED (SIGSTOP), NAMED (SIGTSTP), NAMED (SIGTTIN),
  NAMED (SIGTTOU),   NAMED (SIGURG),   NAMED (SIGXCPU), NAMED (SIGXFSZ), NAMED (SIGVTALRM),
  NAMED (SIGPROF),   NAMED (SIGWINCH), NAMED (SIGIO),   NAMED (SIGPWR),  NAMED (SIGSYS),
};

static const Numbered segv_codes[] = {
  { 1, "SEGV_MAPERR" },
  { 2, "SEGV_ACCERR" },
  { 3, "SEGV_BNDERR" },
  { 4, "SEGV_PKUERR" },
};

static const Numbered bus_codes[] = {
  { 1, "BUS_ADRALN" },    { 2, "BUS_ADRERR" },    { 3, "BUS_OBJERR" },
  { 4, "BUS_MCEERR_AR" }, { 5, "BUS_MCEERR_AO" },
};

static const Numbered child_codes[] = {
  { 1, "CLD_EXITED" },  { 2, "CLD_KILLED" },  { 3, "CLD_DUMPED" },
  { 4, "CLD_TRAPPED" }, { 5, "CLD_STOPPED" }, { 6, "CLD_CONTINUED" },
};

static const char *
find_name (const Numbered *table, size_t n_rows, int number)
{
  for (size_t i = 0; i < n_rows; i++)
    if (table[i].number == number)
      return table[i].name;
  return NULL;
}

const AtlasLabWord *
atlas_lab_word_find (const AtlasLabWord *table, const char *word)
{
  for (; table->word != NULL; table++)
    if (strcmp (table->word, word) == 0 || strcmp (table->name, word) == 0)
      return table;
  return NULL;
}

const AtlasLabWord *
atlas_lab_word_find_value (const AtlasLabWord *table, int value)
{
  for (; table->word != NULL; table++)
    if (table->value == value)
      return table;
  return NULL;
}

const char *
atlas_lab_errno_name (int number)
{
  return find_name (errors, N_ELEMENTS (errors), number);
}

int
atlas_lab_errno_number (const char *name)
{
  for (size_t i = 0; i < N_ELEMENTS (errors); i++)
    if (strcmp (errors[i].name, name) == 0)
      return errors[i].number;
  return 0;
}

const char *
atlas_lab_signal_name (int number)
{
  return find_name (signals, N_ELEMENTS (signals), number);
}

const char *
atlas_lab_signal_code_name (int signal, int code)
{
  if (signal == SIGSEGV)
    return find_name (segv_codes, N_ELEMENTS (segv_codes), code);
  if (signal == SIGBUS)
    return find_name (bus_codes, N_ELEMENTS (bus_codes), code);
  if (signal == SIGCHLD)
    return find_name (child_codes, N_ELEMENTS (child_codes), code);
  return NULL;
}

const char *
atlas_lab_advice_name (int advice)
{
  const AtlasLabWord *word = atlas_lab_word_find_value (atlas_lab_advice, advice);

  return word != NULL ? word->name : find_name (other_advice, N_ELEMENTS (other_advice), advice);
}
