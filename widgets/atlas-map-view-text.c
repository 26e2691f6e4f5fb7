/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The map in words: tooltips, and what assistive technology is told. */

#include "atlas-config.h"

#include "atlas-map-view-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-accessible-text.h"
#include "atlas-format.h"
#include "atlas-label-text.h"
#include "atlas-page-text.h"

static char *
dup_label (AtlasMapView *self)
{
  AtlasSnapshot *snapshot = atlas_map_view_get_session_snapshot (self);
  g_autofree char *count = NULL;

  if (snapshot == NULL)
    return g_strdup (_ ("Memory map"));

  count = atlas_format_count (atlas_snapshot_get_n_regions (snapshot));
  /* Translators: name of a process, number of regions. */
  return g_strdup_printf (_ ("Memory map of %s, %s regions"), atlas_snapshot_get_name (snapshot),
                          count);
}

/* The selected page, and what lies on it. */
static char *
dup_description (AtlasMapView *self)
{
  AtlasSnapshot *snapshot = atlas_map_view_get_session_snapshot (self);
  guint64 selected = atlas_map_view_get_selected (self);
  g_autofree char *page = NULL;
  g_autofree char *names = NULL;
  guint64 page_size;

  if (snapshot == NULL || selected == 0)
    return NULL;

  page = atlas_page_text_describe (snapshot, selected);
  page_size = atlas_snapshot_get_page_size (snapshot);
  selected -= selected % page_size;
  names =
      atlas_label_text_describe (atlas_map_view_get_labels (self), selected, selected + page_size);
  if (page == NULL || names == NULL)
    return g_steal_pointer (&page);
  /* Translators: a page, and the allocations on it. */
  return g_strdup_printf (_ ("%s: %s"), page, names);
}

void
atlas_map_view_update_accessible (AtlasMapView *self)
{
  atlas_accessible_text_set (GTK_WIDGET (self), GTK_ACCESSIBLE_PROPERTY_LABEL, &self->label,
                             dup_label (self));
  atlas_accessible_text_set (GTK_WIDGET (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                             &self->description, dup_description (self));
}

static gboolean
hit_selected (AtlasMapView *self, AtlasMapHit *hit)
{
  guint64 selected = atlas_map_view_get_selected (self);
  AtlasRect cell;

  return selected != 0 && self->layout != NULL
         && atlas_map_layout_locate (self->layout, selected, &cell, NULL)
         && atlas_map_layout_hit (self->layout, cell.x + cell.width / 2.0,
                                  cell.y + cell.height / 2.0, hit);
}

static void
set_tip_area (AtlasMapView *self, GtkTooltip *tooltip, const AtlasMapHit *hit)
{
  double top = atlas_map_view_get_top (self);
  AtlasRect cell;
  AtlasCard card;
  GdkRectangle area;

  if (!atlas_map_layout_locate (self->layout, hit->address, &cell, &card))
    return;

  if (!hit->on_cell)
    cell = (AtlasRect){ card.rect.x, card.rect.y, card.rect.width, card.grid.y - card.rect.y };
  area = (GdkRectangle){ (int) floor (cell.x), (int) floor (cell.y - top), (int) ceil (cell.width),
                         (int) ceil (cell.height) };
  gtk_tooltip_set_tip_area (tooltip, &area);
}

/* Of a cell, or of a region as a whole. */
static GStrv
dup_tip (AtlasMapView *self, const AtlasMapHit *hit)
{
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (self->layout);
  const AtlasRegion *region = atlas_snapshot_get_region (snapshot, hit->region);
  guint64 end = hit->on_cell ? hit->address + hit->n_pages * atlas_snapshot_get_page_size (snapshot)
                             : region->end;
  GStrv lines = atlas_page_text_tooltip (snapshot, hit->region, hit->address,
                                         hit->on_cell ? hit->n_pages : 0);

  return atlas_label_text_insert (lines, atlas_map_view_get_labels (self), hit->address, end);
}

gboolean
atlas_map_view_query_tooltip (GtkWidget *widget,
                              int x,
                              int y,
                              gboolean keyboard,
                              GtkTooltip *tooltip)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);
  g_auto (GStrv) lines = NULL;
  AtlasMapHit hit;

  if (keyboard ? !hit_selected (self, &hit) : !atlas_map_view_hit_view (self, x, y, &hit))
    return FALSE;

  lines = dup_tip (self, &hit);
  atlas_tip_show (&self->tip, tooltip, (const char *const *) lines);
  set_tip_area (self, tooltip, &hit);
  return TRUE;
}
