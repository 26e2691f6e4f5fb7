/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which limit a command of the lab ran into. */

#pragma once

#include "atlas-lab-event.h"

G_BEGIN_DECLS

typedef struct
{
  const char *limit, *counter; /* "RLIMIT_MEMLOCK", "VmLck" */
  guint64 used, asked, soft;   /* bytes */
} AtlasWall;

/* FALSE where @event did not fail for want of room below a limit that is known. */
gboolean atlas_lab_find_wall (AtlasLabEvent *event, AtlasWall *wall);

G_END_DECLS
