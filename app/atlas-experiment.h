/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ties the lab to the session that all views share: the lab's process is what the session looks at,
 * after each command it is read anew, what changed flashes, and its allocations are named. */

#pragma once

#include "atlas-lab-action.h"
#include "atlas-lab.h"
#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_EXPERIMENT (atlas_experiment_get_type ())
G_DECLARE_FINAL_TYPE (AtlasExperiment, atlas_experiment, ATLAS, EXPERIMENT, GObject)

/* Properties: action (the last one, or NULL), watching (bool: the session looks at a process of the
 * lab).
 * Signal `said` (const char *sentence): why a command was not even begun. */
AtlasExperiment *atlas_experiment_new (AtlasSession *session);
/* (transfer none) */
AtlasLab *atlas_experiment_get_lab (AtlasExperiment *self);
AtlasSession *atlas_experiment_get_session (AtlasExperiment *self);
AtlasLabAction *atlas_experiment_get_action (AtlasExperiment *self);

/* A fresh process, and a look at it. */
void atlas_experiment_start (AtlasExperiment *self);
/* Ends the process; nothing is run any more. For who has one, when he goes. */
void atlas_experiment_close (AtlasExperiment *self);
/* Has the session look at the lab's process again, if there is one. */
void atlas_experiment_watch (AtlasExperiment *self);
gboolean atlas_experiment_is_watching (AtlasExperiment *self);
/* Looks at the child called @process, "" for the lab's own process, and has commands go there. */
void atlas_experiment_choose (AtlasExperiment *self, const char *process);
/* One action: runs @commands one after the other, up to the first that fails. Actions wait for one
 * another, and none is dropped because another one failed. @guess: (nullable). */
void
atlas_experiment_run (AtlasExperiment *self, const char *const *commands, const AtlasGuess *guess);
void atlas_experiment_run_one (AtlasExperiment *self, const char *command);
/* Whether an action that begins with @command waits, or is under way. */
gboolean atlas_experiment_is_about_to (AtlasExperiment *self, const char *command);
/* What is done between the two, by a lesson, is one action. Those of a person wait meanwhile. */
void atlas_experiment_begin (AtlasExperiment *self);
void atlas_experiment_end (AtlasExperiment *self);
/* A name for the next allocation that none has, or is about to: "a", "b", … "z", "a1", … */
char *atlas_experiment_dup_free_id (AtlasExperiment *self);

G_END_DECLS
