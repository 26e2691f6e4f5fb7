/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A real process of the lab and a session that looks at it, for tests of what shows the two. */

#pragma once

#include "atlas-experiment.h"

G_BEGIN_DECLS

typedef struct
{
  AtlasSession *session;
  AtlasExperiment *experiment;
  AtlasLab *lab; /* the experiment's */
} Laboratory;

/* Starts a process, and waits until it is ready. */
void laboratory_init (Laboratory *self);
/* Ends it, waits until it is gone, and asserts that nothing else holds the experiment. */
void laboratory_clear (Laboratory *self);
/* Waits until all that was asked for is done. */
void laboratory_settle (Laboratory *self);
/* Does @command, right or wrong, and waits for it. */
void laboratory_run (Laboratory *self, const char *command);

G_END_DECLS
