/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What all calls of a trace come to. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _AtlasTraceSummary AtlasTraceSummary;

AtlasTraceSummary *atlas_trace_summary_new (void);
void atlas_trace_summary_free (AtlasTraceSummary *self);
/* Counts a line of the tracer's; events count where they tell of address spaces. */
void atlas_trace_summary_add (AtlasTraceSummary *self, JsonObject *line);
/* A table: for each call how often it was made, how often it failed, and the bytes of the pages
 * that it mapped and unmapped. @width: columns of the terminal, or 0. */
char *atlas_trace_summary_to_text (AtlasTraceSummary *self, guint width);
/* The same as one line of JSON, an event of its own. */
char *atlas_trace_summary_to_json (AtlasTraceSummary *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasTraceSummary, atlas_trace_summary_free)

G_END_DECLS
