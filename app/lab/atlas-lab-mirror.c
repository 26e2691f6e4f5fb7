/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Passes on the items and changes of its source. */

#include "atlas-lab-mirror.h"

struct _AtlasLabMirror
{
  GObject parent_instance;
  GType item_type;
  GListModel *source;
};

static void init_list_model (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AtlasLabMirror,
                               atlas_lab_mirror,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, init_list_model))

static GType
get_item_type (GListModel *model)
{
  return ATLAS_LAB_MIRROR (model)->item_type;
}

static guint
get_n_items (GListModel *model)
{
  AtlasLabMirror *self = ATLAS_LAB_MIRROR (model);

  return self->source != NULL ? g_list_model_get_n_items (self->source) : 0;
}

static gpointer
get_item (GListModel *model, guint position)
{
  AtlasLabMirror *self = ATLAS_LAB_MIRROR (model);

  return self->source != NULL ? g_list_model_get_item (self->source, position) : NULL;
}

static void
init_list_model (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
items_changed_cb (GListModel *source, guint position, guint removed, guint added, gpointer data)
{
  g_list_model_items_changed (data, position, removed, added);
}

static void
drop_source (AtlasLabMirror *self)
{
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_data (self->source, self);
  g_clear_object (&self->source);
}

static void
atlas_lab_mirror_dispose (GObject *object)
{
  drop_source (ATLAS_LAB_MIRROR (object));

  G_OBJECT_CLASS (atlas_lab_mirror_parent_class)->dispose (object);
}

static void
atlas_lab_mirror_class_init (AtlasLabMirrorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = atlas_lab_mirror_dispose;
}

static void
atlas_lab_mirror_init (AtlasLabMirror *self)
{
}

AtlasLabMirror *
atlas_lab_mirror_new (GType item_type)
{
  AtlasLabMirror *self = g_object_new (ATLAS_TYPE_LAB_MIRROR, NULL);

  self->item_type = item_type;
  return self;
}

void
atlas_lab_mirror_set_source (AtlasLabMirror *self, GListModel *source)
{
  guint before = get_n_items (G_LIST_MODEL (self));

  if (source == self->source)
    return;
  drop_source (self);
  if (source != NULL)
    {
      self->source = g_object_ref (source);
      g_signal_connect (source, "items-changed", G_CALLBACK (items_changed_cb), self);
    }
  guint after = get_n_items (G_LIST_MODEL (self));
  if (before > 0 || after > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, after);
}
