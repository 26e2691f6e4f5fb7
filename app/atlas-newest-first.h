/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A list model that shows another one from its end, so that what was appended last stands first. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_NEWEST_FIRST (atlas_newest_first_get_type ())
G_DECLARE_FINAL_TYPE (AtlasNewestFirst, atlas_newest_first, ATLAS, NEWEST_FIRST, GObject)

/* Keeps a reference on @source, and follows its changes. */
AtlasNewestFirst *atlas_newest_first_new (GListModel *source);

G_END_DECLS
