/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A list model that shows what another one has, now this one and then that: a view binds to it
 * once, while the process that is looked at changes. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_LAB_MIRROR (atlas_lab_mirror_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLabMirror, atlas_lab_mirror, ATLAS, LAB_MIRROR, GObject)

AtlasLabMirror *atlas_lab_mirror_new (GType item_type);
/* @source: (nullable): a list of the same type of items; NULL: nothing. */
void atlas_lab_mirror_set_source (AtlasLabMirror *self, GListModel *source);

G_END_DECLS
