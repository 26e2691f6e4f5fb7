/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sentences of a picture. All translated, clean UTF-8 and newly allocated. */

#pragma once

#include "atlas-picture.h"

G_BEGIN_DECLS

/* "bash — 4211", unless the options say otherwise. */
char *atlas_picture_describe_title (AtlasSnapshot *snapshot, const AtlasPictureOptions *options);
/* Regions, state, user and command line. */
char *atlas_picture_describe_process (AtlasSnapshot *snapshot);
/* What a picture must say of where it comes from, one fact each; free with g_ptr_array_unref(). */
GPtrArray *atlas_picture_list_facts (AtlasSnapshot *snapshot);
/* "Incomplete: ...", "Note: ..." where nothing is missing, or NULL. */
char *atlas_picture_describe_problems (AtlasSnapshot *snapshot);
/* What to say where the map would be, when there is none: TRUE and both set. */
gboolean
atlas_picture_describe_absence (AtlasSnapshot *snapshot, char **heading, char **explanation);
/* "+ 947 smaller regions, 38 MiB, 21 MiB resident: in the strip at the left" */
char *
atlas_picture_describe_rest (guint n_regions, const AtlasPageCounts *counts, guint64 page_size);
/* Which pages are lit, or that none can be. */
char *atlas_picture_describe_highlight (AtlasCounter highlight);

G_END_DECLS
