/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Nothing here waits for a time, but for what must happen, with a bound. */

#include "laboratory.h"

#include "lab-driver.h"

void
laboratory_init (Laboratory *self)
{
  self->session = atlas_session_new (driver_get_procfs ());
  self->experiment = atlas_experiment_new (self->session);
  self->lab = atlas_experiment_get_lab (self->experiment);
  atlas_experiment_start (self->experiment);
  driver_wait_for_state (self->lab, ATLAS_LAB_READY);
}

void
laboratory_clear (Laboratory *self)
{
  gint pid = atlas_lab_get_pid (self->lab);

  atlas_experiment_close (self->experiment);
  /* what was cancelled is told by the main loop */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  if (pid > 0)
    driver_wait_for_end (pid);
  g_assert_finalize_object (self->experiment);
  g_object_unref (self->session);
}

void
laboratory_settle (Laboratory *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  driver_wait_for_state (self->lab, ATLAS_LAB_READY);
}

void
laboratory_run (Laboratory *self, const char *command)
{
  atlas_experiment_run_one (self->experiment, command);
  laboratory_settle (self);
}
