/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-lab: the process that people experiment on. It reads one command a line, does
 * exactly that, and writes one line back. Its heap is untouched until a command asks for some: no
 * stdio, nothing from malloc, buffers are static. */

#include "atlas-config.h"

#include <gnu/libc-version.h>
#include <signal.h>
#include <stdalign.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "atlas-allocation.h"
#include "atlas-answer.h"
#include "atlas-children.h"
#include "atlas-command.h"
#include "atlas-faults.h"
#include "atlas-lab-words.h"
#include "atlas-output.h"
#include "atlas-protect.h"
#include "atlas-report.h"
#include "atlas-thresholds.h"
#include "atlas-trap.h"
#include "atlas-warm-up.h"

static const char usage[] =
    "Usage: memory-atlas-lab [--address-space SIZE|unlimited]\n"
    "\n"
    "A process to experiment on. It reads one command a line from standard input, such as\n"
    "  malloc a 100K\n"
    "  touch a write\n"
    "  free a\n"
    "and writes one line back. The command help lists all; memory-atlas-lab(1) says more.\n"
    "\n"
    "  --address-space SIZE  limit it to SIZE (1G, 512M), or not at all; by default to the\n"
    "                        smaller of 1 GiB and a quarter of the memory that is available\n"
    "  --help, --version     print this, or the version\n";

static void
complain (const char *text)
{
  if (write (STDERR_FILENO, text, strlen (text)) < 0)
    _exit (2);
}

static int
print (const char *text)
{
  atlas_output_text (text);
  atlas_output_flush ();
  return 0;
}

static bool
parse_address_space (const char *text, uint64_t *size)
{
  if (strcmp (text, "unlimited") != 0)
    return atlas_lab_size_parse (text, atlas_page_size, size)
           && *size < ATLAS_ADDRESS_SPACE_UNLIMITED;
  *size = ATLAS_ADDRESS_SPACE_UNLIMITED;
  return true;
}

/* --address-space SIZE, or with =. */
static bool
parse_options (char **arguments, uint64_t *address_space)
{
  static const char option[] = "--address-space";
  const size_t length = sizeof option - 1;

  for (; *arguments != NULL; arguments++)
    {
      const char *value;

      if (strncmp (*arguments, option, length) != 0)
        return false;
      value = (*arguments)[length] == '=' ? *arguments + length + 1 : NULL;
      if (value == NULL && (*arguments)[length] == '\0')
        value = *++arguments;
      if (value == NULL || !parse_address_space (value, address_space))
        return false;
    }
  return true;
}

static void
write_ready (void)
{
  struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
  char text[ATLAS_NUMBER_SIZE];

  getrlimit (RLIMIT_AS, &limit);
  atlas_answer_begin ();
  atlas_answer_ok ();
  atlas_answer_number ("pid", (uint64_t) getpid ());
  atlas_answer_number ("page", atlas_page_size);
  atlas_answer_word ("glibc", gnu_get_libc_version ());
  atlas_answer_word ("limit_as", limit.rlim_cur == RLIM_INFINITY
                                     ? "unlimited"
                                     : atlas_number_text (limit.rlim_cur, text));
  atlas_thresholds_answer ();
  atlas_answer_end ();
}

static int
serve (uint64_t address_space)
{
  static alignas (max_align_t) char alternate_stack[ATLAS_TRAP_STACK_SIZE];
  const char *problem = atlas_protect_machine (address_space);
  int status;

  if (problem != NULL)
    {
      complain ("memory-atlas-lab: ");
      complain (problem);
      complain ("\n");
      return 1;
    }
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN);
  atlas_trap_init ();
  atlas_trap_use_stack (alternate_stack);
  atlas_thresholds_init ();
  atlas_report_prepare ();
  atlas_warm_up ();
  write_ready ();
  status = atlas_command_serve ();
  atlas_child_end_all ();
  return status;
}

int
main (int argc, char **argv)
{
  pid_t parent = getppid ();
  uint64_t address_space = ATLAS_ADDRESS_SPACE_DEFAULT;

  atlas_page_size = (size_t) sysconf (_SC_PAGESIZE);
  if (argc == 2 && strcmp (argv[1], "--help") == 0)
    return print (usage);
  if (argc == 2 && strcmp (argv[1], "--version") == 0)
    return print ("memory-atlas-lab " ATLAS_VERSION "\n");
  if (argc > 0 && !parse_options (argv + 1, &address_space))
    {
      complain (usage);
      return 2;
    }
  atlas_protect_die_with (parent);
  _exit (serve (address_space));
}
