/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person did in one go, "allocate 256 KiB, write every page, lock": the events of its
 * commands, and what was predicted of it. */

#pragma once

#include "atlas-guess.h"
#include "atlas-lab-event.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_LAB_ACTION (atlas_lab_action_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLabAction, atlas_lab_action, ATLAS, LAB_ACTION, GObject)

/* @guess: (nullable) */
AtlasLabAction *atlas_lab_action_new (const AtlasGuess *guess);
/* Emits `changed`. */
void atlas_lab_action_add (AtlasLabAction *self, AtlasLabEvent *event);

/* In the order in which they happened. (element-type AtlasLabEvent) (transfer none) */
GPtrArray *atlas_lab_action_get_events (AtlasLabAction *self);
/* NULL where nothing was predicted. */
const AtlasGuess *atlas_lab_action_get_guess (AtlasLabAction *self);
/* By how much @counter changed over all of it, kB. */
gint64 atlas_lab_action_get_change (AtlasLabAction *self, AtlasCounter counter);
/* By what an allocation came about, as the traced calls have it; OPEN where nothing was allocated,
 * or calls are not traced. */
AtlasGuessHow atlas_lab_action_get_how (AtlasLabAction *self);
/* "malloc 256 KiB → mmap", for the history. */
char *atlas_lab_action_dup_title (AtlasLabAction *self);

G_END_DECLS
