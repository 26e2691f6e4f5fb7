/* SPDX-License-Identifier: GPL-3.0-or-later */

/* sigaltstack, since the stack itself may be what is full, and siglongjmp out of the handler. The
 * signals are not blocked while they are handled, so that nothing need be restored. */

#include "atlas-trap.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>

#include "atlas-answer.h"
#include "atlas-faults.h"
#include "atlas-lab-words.h"
#include "atlas-output.h"

static _Thread_local sigjmp_buf *volatile armed; /* where to go on, while work is done */
static _Thread_local AtlasTrap caught;

/* Sent by a process, or raised outside of any work: what it would have done without us. */
static void
die_of (int number)
{
  signal (number, SIG_DFL);
  raise (number);
}

static void
signal_cb (int number, siginfo_t *info, void *context)
{
  if (armed == NULL || info->si_code <= 0)
    {
      die_of (number);
      return;
    }
  caught = (AtlasTrap){ number, info->si_code, info->si_addr };
  siglongjmp (*armed, 1);
}

void
atlas_trap_use_stack (void *stack)
{
  stack_t alternate = { .ss_sp = stack, .ss_size = ATLAS_TRAP_STACK_SIZE };

  sigaltstack (&alternate, NULL);
}

void
atlas_trap_drop_stack (void)
{
  const stack_t none = { .ss_flags = SS_DISABLE };

  sigaltstack (&none, NULL);
}

void
atlas_trap_init (void)
{
  struct sigaction action = { .sa_sigaction = signal_cb,
                              .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

  sigemptyset (&action.sa_mask);
  sigaction (SIGSEGV, &action, NULL);
  sigaction (SIGBUS, &action, NULL);
}

bool
atlas_trap_try (void (*work) (void *data), void *data, AtlasTrap *trap)
{
  sigjmp_buf here;

  if (sigsetjmp (here, 0) != 0)
    {
      armed = NULL;
      *trap = caught;
      return false;
    }
  armed = &here;
  work (data);
  armed = NULL;
  return true;
}

bool
atlas_trap_run (void (*work) (void *data), void *data, AtlasTrap *trap)
{
  bool done;

  /* written before it counts: after a fork the page may still be its parent's */
  armed = NULL;
  atlas_faults_begin ();
  done = atlas_trap_try (work, data, trap);
  atlas_faults_end ();
  return done;
}

static const char *
describe (const AtlasTrap *trap)
{
  if (trap->signal == SIGSEGV && trap->code == SEGV_MAPERR)
    return "nothing is mapped at ";
  if (trap->signal == SIGSEGV && trap->code == SEGV_ACCERR)
    return "no permission at ";
  if (trap->signal == SIGBUS && trap->code == BUS_ADRERR)
    return "no page of the file at ";
  return "access fails at ";
}

void
atlas_trap_answer (const char *call, const AtlasTrap *trap, const AtlasAllocation *allocation)
{
  const char *code = atlas_lab_signal_code_name (trap->signal, trap->code);
  char address[ATLAS_NUMBER_SIZE];
  char page[ATLAS_NUMBER_SIZE];
  bool inside = allocation != NULL && atlas_allocation_holds (allocation, trap->address);

  atlas_number_text (inside ? atlas_allocation_find_page (allocation, trap->address) : 0, page);
  atlas_answer_error (atlas_lab_signal_name (trap->signal), call, describe (trap),
                      atlas_hex_text ((uintptr_t) trap->address, address), " (",
                      code != NULL ? code : "unknown code", ")", inside ? ", page " : "",
                      inside ? page : "", inside ? " of " : "", inside ? allocation->name : "",
                      NULL);
}
