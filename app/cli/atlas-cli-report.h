/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A snapshot as text that people read. */

#pragma once

#include "atlas-snapshot.h"

G_BEGIN_DECLS

/* @width: columns of the terminal, 0: no limit. Clean UTF-8. */
char *atlas_cli_report (AtlasSnapshot *snapshot, guint width);

G_END_DECLS
