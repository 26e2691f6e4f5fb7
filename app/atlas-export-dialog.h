/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Saving the map or its numbers to a file, and copying the picture. The work is done in a thread;
 * a toast says where it went, or why not. */

#pragma once

#include <adwaita.h>

#include "atlas-export.h"

G_BEGIN_DECLS

/* Asks for a file and writes @snapshot to it. @options is copied; its title must be static or NULL.
 */
void atlas_export_dialog_run (GtkWindow *parent,
                              AdwToastOverlay *toasts,
                              AtlasSnapshot *snapshot,
                              const AtlasPictureOptions *options,
                              AtlasExportFormat format);
/* Puts the picture onto the clipboard, as an image. */
void atlas_export_copy_picture (AdwToastOverlay *toasts,
                                AtlasSnapshot *snapshot,
                                const AtlasPictureOptions *options);

G_END_DECLS
