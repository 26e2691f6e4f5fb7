/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tooltips of several lines, the first of them bold. Never markup: names can hold anything. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  GtkWidget *box; /* a reference; NULL: not shown yet */
  GStrv lines;    /* what is in it */
} AtlasTip;

/* A box of labels, the first bold, wrapped at @max_chars. (transfer floating) */
GtkWidget *atlas_tip_new_box (const char *const *lines, int max_chars);
/* Shows @lines in @tooltip. The widgets are kept in @self, so that moving about within the same
 * thing does not flicker. */
void atlas_tip_show (AtlasTip *self, GtkTooltip *tooltip, const char *const *lines);
/* What was shown in @tooltip, which does not tell it by itself; NULL if nothing was. */
GtkWidget *atlas_tip_get_shown (GtkTooltip *tooltip);
void atlas_tip_clear (AtlasTip *self);

G_END_DECLS
