/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-newest-first.h"

struct _AtlasNewestFirst
{
  GObject parent_instance;
  GListModel *source;
};

static void init_list_model (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AtlasNewestFirst,
                               atlas_newest_first,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, init_list_model))

static GType
get_item_type (GListModel *model)
{
  return g_list_model_get_item_type (ATLAS_NEWEST_FIRST (model)->source);
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (ATLAS_NEWEST_FIRST (model)->source);
}

static gpointer
get_item (GListModel *model, guint position)
{
  guint n = get_n_items (model);

  return position < n ? g_list_model_get_item (ATLAS_NEWEST_FIRST (model)->source, n - 1 - position)
                      : NULL;
}

static void
init_list_model (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

/* What comes behind the change in the source comes before it here. */
static void
items_changed_cb (GListModel *source, guint position, guint removed, guint added, gpointer data)
{
  guint behind = g_list_model_get_n_items (source) - position - added;

  g_list_model_items_changed (data, behind, removed, added);
}

static void
atlas_newest_first_finalize (GObject *object)
{
  AtlasNewestFirst *self = ATLAS_NEWEST_FIRST (object);

  g_signal_handlers_disconnect_by_data (self->source, self);
  g_object_unref (self->source);
  G_OBJECT_CLASS (atlas_newest_first_parent_class)->finalize (object);
}

static void
atlas_newest_first_class_init (AtlasNewestFirstClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_newest_first_finalize;
}

static void
atlas_newest_first_init (AtlasNewestFirst *self)
{
}

AtlasNewestFirst *
atlas_newest_first_new (GListModel *source)
{
  AtlasNewestFirst *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (source), NULL);

  self = g_object_new (ATLAS_TYPE_NEWEST_FIRST, NULL);
  self->source = g_object_ref (source);
  g_signal_connect (source, "items-changed", G_CALLBACK (items_changed_cb), self);
  return self;
}
