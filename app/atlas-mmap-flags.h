/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How mmap () is to be asked: its flags, and the file that is mapped, behind one button that says
 * what was chosen. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_MMAP_FLAGS (atlas_mmap_flags_get_type ())
G_DECLARE_FINAL_TYPE (AtlasMmapFlags, atlas_mmap_flags, ATLAS, MMAP_FLAGS, GtkWidget)

/* As the lab's command takes them: " shared populate", or "". (transfer full) */
char *atlas_mmap_flags_dup_words (AtlasMmapFlags *self);

G_END_DECLS
