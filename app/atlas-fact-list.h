/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Facts in two columns: what, and how much. Refilled each second, it changes only the texts that
 * differ, so nothing flickers and what is marked to be copied stays marked. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_FACT_LIST (atlas_fact_list_get_type ())
G_DECLARE_FINAL_TYPE (AtlasFactList, atlas_fact_list, ATLAS, FACT_LIST, GtkWidget)

GtkWidget *atlas_fact_list_new (void);
/* Between begin and end, add() says all facts in order; rows no longer needed are hidden at end.
 * @value NULL: the fact is left out. @tooltip: (nullable) plain text. */
void atlas_fact_list_begin (AtlasFactList *self);
void atlas_fact_list_add (AtlasFactList *self,
                          const char *label,
                          const char *value,
                          const char *tooltip);
void atlas_fact_list_end (AtlasFactList *self);

G_END_DECLS
