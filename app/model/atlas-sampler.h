/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one place with a thread for the process that is looked at. Asked for a sample, it answers on
 * the main context it was made on; the newest wins, late answers are dropped, nothing queues up.
 *
 * It keeps to the share of time that options allow for walking page tables: what a sample may spend
 * is what was not spent before, up to a store of two and a half seconds' worth, which it has at the
 * start. When a snapshot is unfinished, it goes on by itself until one is not. */

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
/* Whether it may go on by itself (TRUE at first). Requests are answered either way. */
void atlas_sampler_set_going_on (AtlasSampler *self, gboolean going_on);
/* Stops and lets the thread end by itself; no signal after this. Called by dispose, too. */
void atlas_sampler_stop (AtlasSampler *self);

G_END_DECLS
