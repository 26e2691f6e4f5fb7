/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What allocations are called and where they lie, as whoever made them knows: ranges of bytes with
 * names, which views write on the map. The kernel knows only regions; one region may hold many
 * allocations, and an allocation rarely begins or ends with a page. Immutable, reference-counted,
 * shared by threads; nobody who only draws needs to know where names come from. */

#pragma once

#include "atlas-region.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 start, end;     /* bytes: the first one, and the one after the last */
  const char *name;       /* "a · malloc 256 KiB", clean UTF-8 */
  const char *short_name; /* "a", likewise; never empty */
} AtlasLabel;

typedef struct _AtlasLabels AtlasLabels;
typedef struct _AtlasLabelsBuilder AtlasLabelsBuilder;

GType atlas_labels_get_type (void);
#define ATLAS_TYPE_LABELS (atlas_labels_get_type ())

AtlasLabels *atlas_labels_ref (AtlasLabels *self);
void atlas_labels_unref (AtlasLabels *self);

/* In what follows @self is nullable: where nothing has a name. */

/* Whether the same ranges are called the same. */
gboolean atlas_labels_equal (AtlasLabels *self, AtlasLabels *other);
/* Ascending by address; no two overlap. (transfer none) */
const AtlasLabel *atlas_labels_get (AtlasLabels *self, guint *n_labels);
/* The first of those that have a byte in [@start, @end), which follow one another; NULL if @n_found
 * is 0. O(log labels). (transfer none) */
const AtlasLabel *atlas_labels_find (AtlasLabels *self, guint64 start, guint64 end, guint *n_found);
/* The one that holds the byte at @address, or NULL. O(log labels). (transfer none) */
const AtlasLabel *atlas_labels_find_at (AtlasLabels *self, guint64 address);
/* The one that @region as a whole is: it alone has bytes in it, and at most a sixteenth of the
 * pages have none of them. Else NULL. (transfer none) */
const AtlasLabel *
atlas_labels_find_whole (AtlasLabels *self, const AtlasRegion *region, guint64 page_size);

/* Short names of those that have a byte in [@start, @end): "a, b, c", the first @most of them and
 * then how many more: "a, b, +5". NULL where there are none. */
char *atlas_labels_dup_names (AtlasLabels *self, guint64 start, guint64 end, guint most);
/* What to call @region with its allocations: "a · malloc 256 KiB · anonymous mmap" where it is one,
 * "[heap] · a, b, +5" where it holds several; atlas_region_dup_title() otherwise. */
char *atlas_labels_dup_title (AtlasLabels *self, const AtlasRegion *region, guint64 page_size);

AtlasLabelsBuilder *atlas_labels_builder_new (void);
void atlas_labels_builder_free (AtlasLabelsBuilder *builder);
/* In any order. Names are made safe to show. Where ranges overlap the one added last has the bytes,
 * as with a mapping put on top of another: what is left of the others keeps their names. A range
 * without bytes, or without a short name, is left out. */
void atlas_labels_builder_add (AtlasLabelsBuilder *builder,
                               guint64 start,
                               guint64 end,
                               const char *name,
                               const char *short_name);
/* What was added; frees the builder. */
AtlasLabels *atlas_labels_builder_end (AtlasLabelsBuilder *builder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLabels, atlas_labels_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLabelsBuilder, atlas_labels_builder_free)

G_END_DECLS
