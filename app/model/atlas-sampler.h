/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one place with a thread for the process that is looked at. Asked for a sample, it answers on
 * the main context it was made on; the newest wins, late answers are dropped, nothing queues up. */

#pragma once

#include "atlas-snapshot.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_SAMPLER (atlas_sampler_get_type ())
G_DECLARE_FINAL_TYPE (AtlasSampler, atlas_sampler, ATLAS, SAMPLER, GObject)

/* Signal `sampled` (AtlasSnapshot *snapshot or NULL, GError *error or NULL), on the main context.
 */
AtlasSampler *atlas_sampler_new (AtlasTarget *target);
/* Asks for a sample soon; while one is under way, at most one more is remembered, with the newest
 * options. Never blocks. */
void atlas_sampler_request (AtlasSampler *self, const AtlasSnapshotOptions *options);
/* Stops and lets the thread end by itself; no signal after this. Called by dispose, too. */
void atlas_sampler_stop (AtlasSampler *self);

G_END_DECLS
