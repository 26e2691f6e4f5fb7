/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Merges the regions of a new snapshot into the list: both are sorted by address, so one walk over
 * them tells which items stay. What changed is told as one range, from the first difference to the
 * last: views find the items that are in it before and after by their identity. */

#include "atlas-config.h"

#include "atlas-region-list.h"

struct _AtlasRegionList
{
  GObject parent_instance;

  GPtrArray *items;
  AtlasLabels *labels; /* or NULL */
};

static GType
get_item_type (GListModel *model)
{
  return ATLAS_TYPE_REGION_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return ATLAS_REGION_LIST (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  AtlasRegionList *self = ATLAS_REGION_LIST (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position))
                                     : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (AtlasRegionList,
                               atlas_region_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static guint64
item_start (GPtrArray *items, guint index)
{
  return atlas_region_item_get_region (g_ptr_array_index (items, index))->start;
}

static AtlasRegionItem *
new_item (AtlasRegionList *self, AtlasSnapshot *snapshot, AtlasRegion *region)
{
  AtlasRegionItem *item = atlas_region_item_new (region, atlas_snapshot_get_page_size (snapshot));

  if (self->labels != NULL && atlas_region_item_set_labels (item, self->labels))
    atlas_region_item_note (item);
  return item;
}

/* The items for @snapshot: those of @old where the region lives on, new ones otherwise. */
static GPtrArray *
merge (AtlasRegionList *self, GPtrArray *old, AtlasSnapshot *snapshot, gboolean *any_changed)
{
  guint n_regions = snapshot ? atlas_snapshot_get_n_regions (snapshot) : 0;
  GPtrArray *items = g_ptr_array_new_full (n_regions, g_object_unref);
  guint j = 0;

  for (guint i = 0; i < n_regions; i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);

      while (j < old->len && item_start (old, j) < region->start)
        j++;
      if (j < old->len && atlas_region_item_is (g_ptr_array_index (old, j), region))
        {
          AtlasRegionItem *item = g_ptr_array_index (old, j++);

          g_ptr_array_add (items, g_object_ref (item));
          *any_changed |= atlas_region_item_update (item, region);
        }
      else
        g_ptr_array_add (items, new_item (self, snapshot, region));
    }
  return items;
}

static guint
count_equal_at_start (GPtrArray *a, GPtrArray *b)
{
  guint n = 0;

  while (n < a->len && n < b->len && g_ptr_array_index (a, n) == g_ptr_array_index (b, n))
    n++;
  return n;
}

static guint
count_equal_at_end (GPtrArray *a, GPtrArray *b, guint at_start)
{
  guint n = 0;

  while (n < a->len - at_start && n < b->len - at_start
         && g_ptr_array_index (a, a->len - 1 - n) == g_ptr_array_index (b, b->len - 1 - n))
    n++;
  return n;
}

gboolean
atlas_region_list_update (AtlasRegionList *self, AtlasSnapshot *snapshot)
{
  g_autoptr (GPtrArray) old = NULL;
  gboolean any_changed = FALSE;
  guint head, tail;

  g_return_val_if_fail (ATLAS_IS_REGION_LIST (self), FALSE);

  old = self->items;
  self->items = merge (self, old, snapshot, &any_changed);
  head = count_equal_at_start (old, self->items);
  tail = count_equal_at_end (old, self->items, head);
  if (head + tail < MAX (old->len, self->items->len))
    g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail,
                                self->items->len - head - tail);
  return any_changed;
}

gboolean
atlas_region_list_set_labels (AtlasRegionList *self, AtlasLabels *labels)
{
  gboolean any_changed = FALSE;

  g_return_val_if_fail (ATLAS_IS_REGION_LIST (self), FALSE);

  if (self->labels == labels)
    return FALSE;
  if (labels != NULL)
    atlas_labels_ref (labels);
  g_clear_pointer (&self->labels, atlas_labels_unref);
  self->labels = labels;
  for (guint i = 0; i < self->items->len; i++)
    any_changed |= atlas_region_item_set_labels (g_ptr_array_index (self->items, i), labels);
  return any_changed;
}

AtlasRegionItem *
atlas_region_list_find (AtlasRegionList *self, guint64 start)
{
  guint low = 0, high;

  g_return_val_if_fail (ATLAS_IS_REGION_LIST (self), NULL);

  high = self->items->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (item_start (self->items, middle) < start)
        low = middle + 1;
      else
        high = middle;
    }
  return low < self->items->len && item_start (self->items, low) == start
             ? g_ptr_array_index (self->items, low)
             : NULL;
}

static void
atlas_region_list_finalize (GObject *object)
{
  AtlasRegionList *self = ATLAS_REGION_LIST (object);

  g_ptr_array_unref (self->items);
  g_clear_pointer (&self->labels, atlas_labels_unref);
  G_OBJECT_CLASS (atlas_region_list_parent_class)->finalize (object);
}

static void
atlas_region_list_class_init (AtlasRegionListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_region_list_finalize;
}

static void
atlas_region_list_init (AtlasRegionList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

AtlasRegionList *
atlas_region_list_new (void)
{
  return g_object_new (ATLAS_TYPE_REGION_LIST, NULL);
}
