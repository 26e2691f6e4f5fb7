/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The allocations of the process that is chosen, as names for views and pictures. */

#include "atlas-config.h"

#include "atlas-lab.h"

static void
add_label (AtlasLabelsBuilder *builder, AtlasLabAllocation *allocation)
{
  guint64 address = atlas_lab_allocation_get_address (allocation);
  g_autofree char *name = atlas_lab_allocation_dup_title (allocation);

  atlas_labels_builder_add (builder, address,
                            address + atlas_lab_allocation_get_usable (allocation), name,
                            atlas_lab_allocation_get_id (allocation));
}

AtlasLabels *
atlas_lab_dup_labels (AtlasLab *self)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();
  GListModel *allocations;

  g_return_val_if_fail (ATLAS_IS_LAB (self), atlas_labels_builder_end (builder));

  allocations = atlas_lab_get_allocations (self);
  for (guint i = 0; i < g_list_model_get_n_items (allocations); i++)
    {
      g_autoptr (AtlasLabAllocation) allocation = g_list_model_get_item (allocations, i);

      add_label (builder, allocation);
    }
  return atlas_labels_builder_end (builder);
}
