/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading /proc/PID/maps when the bytes of the time before are at hand: as long as they are the
 * same they are compared, not kept, so that megabytes of unchanged text cost what the kernel takes
 * to write them. */

#pragma once

#include "atlas-target.h"

G_BEGIN_DECLS

/* @before: (nullable): the file as it was; @same: (out): it still is, and @into is empty then.
 * Errors as atlas_read_at(). */
gboolean atlas_maps_file_read (AtlasTarget *target,
                               GBytes *before,
                               GString *into,
                               gboolean *same,
                               GError **error);

G_END_DECLS
