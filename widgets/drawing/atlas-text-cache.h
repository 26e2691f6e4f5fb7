/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines of text that were shaped, kept for the next frame: shaping costs ten times what painting
 * does, and most of what a frame says was said by the one before. */

#pragma once

#include <pango/pango.h>

G_BEGIN_DECLS

typedef struct _AtlasTextCache AtlasTextCache;

typedef struct
{
  PangoLayout *layout; /* of one line */
  double width;        /* pixels */
} AtlasShapedText;

AtlasTextCache *atlas_text_cache_new (PangoContext *context);
void atlas_text_cache_free (AtlasTextCache *self);
/* @text (valid UTF-8) in @font; @style tells fonts apart. Cut with "…" at @max_width (0: never).
 * Valid until the next call. */
const AtlasShapedText *atlas_text_cache_shape (AtlasTextCache *self,
                                               guint style,
                                               const PangoFontDescription *font,
                                               double max_width,
                                               const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasTextCache, atlas_text_cache_free)

G_END_DECLS
