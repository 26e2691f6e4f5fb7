/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How many bytes: by a slider on a logarithmic scale, and by text for every digit. The slider shows
 * where malloc goes from the heap to mmap. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_SIZE_ENTRY (atlas_size_entry_get_type ())
G_DECLARE_FINAL_TYPE (AtlasSizeEntry, atlas_size_entry, ATLAS, SIZE_ENTRY, GtkWidget)

/* Bytes; 0 while the text makes no sense. Property `size` (uint64, read-only). Signal `activate`:
 * Enter in the text. */
guint64 atlas_size_entry_get_size (AtlasSizeEntry *self);
/* Bytes of M_MMAP_THRESHOLD as it is now; 0: not known, or of no concern. */
void atlas_size_entry_set_threshold (AtlasSizeEntry *self, guint64 threshold);
/* As the lab's commands write it: "256K", "100000". */
char *atlas_size_entry_dup_word (AtlasSizeEntry *self);

G_END_DECLS
