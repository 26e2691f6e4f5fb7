/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The cell cursor: keys move it from cell to cell, and the view follows. */

#include "atlas-config.h"

#include "atlas-map-view-private.h"

#include "atlas-map-cursor.h"

/* Room that stays round the cell cursor when it is scrolled into view. */
#define CURSOR_MARGIN 12.0

/* A cell of the first row brings its card's heading with it. */
static void
scroll_to_cell (AtlasMapView *self, guint64 address)
{
  AtlasRect cell;
  AtlasCard card;
  double top, bottom;

  if (self->vadjustment == NULL || !atlas_map_layout_locate (self->layout, address, &cell, &card))
    return;

  top = cell.y - CURSOR_MARGIN;
  bottom = cell.y + cell.height + CURSOR_MARGIN;
  if (cell.y < card.grid.y + cell.height / 2.0)
    top = card.rect.y - ATLAS_MAP_VIEW_MARGIN / 2.0;
  if (bottom - top > atlas_map_view_get_view_height (self))
    top = cell.y;
  gtk_adjustment_clamp_page (self->vadjustment, top, bottom);
}

static guint64
move_cursor (AtlasMapView *self, AtlasMapMove move, double *goal_x)
{
  guint64 from = atlas_map_view_get_selected (self);
  AtlasRect before, after;
  guint64 to;

  if (from == 0 || !atlas_map_layout_locate (self->layout, from, &before, NULL))
    return atlas_map_cursor_first_below (self->layout, atlas_map_view_get_top (self));

  to = atlas_map_cursor_move (self->layout, from, move, atlas_map_view_get_view_height (self),
                              goal_x);
  if ((move == ATLAS_MAP_MOVE_PAGE_UP || move == ATLAS_MAP_MOVE_PAGE_DOWN)
      && atlas_map_layout_locate (self->layout, to, &after, NULL))
    atlas_map_view_set_value (self, atlas_map_view_get_value (self) + after.y - before.y);
  return to;
}

static gboolean
move_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);
  double goal_x = self->goal_x;
  guint64 address;

  if (self->session == NULL || self->layout == NULL)
    return FALSE;

  address = move_cursor (self, (AtlasMapMove) g_variant_get_int32 (args), &goal_x);
  atlas_session_select (self->session, address);
  self->goal_x = goal_x;
  scroll_to_cell (self, address);
  return TRUE;
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);

  if (atlas_map_view_get_highlight (self) == ATLAS_COUNTER_NONE)
    return FALSE;

  atlas_session_set_highlight (self->session, ATLAS_COUNTER_NONE);
  return TRUE;
}

static void
add_move (GtkWidgetClass *widget_class,
          guint keyval,
          guint keypad_keyval,
          GdkModifierType modifiers,
          AtlasMapMove move)
{
  gtk_widget_class_add_binding (widget_class, keyval, modifiers, move_cb, "i", (int) move);
  gtk_widget_class_add_binding (widget_class, keypad_keyval, modifiers, move_cb, "i", (int) move);
}

void
atlas_map_view_install_keys (GtkWidgetClass *klass)
{
  add_move (klass, GDK_KEY_Left, GDK_KEY_KP_Left, 0, ATLAS_MAP_MOVE_LEFT);
  add_move (klass, GDK_KEY_Right, GDK_KEY_KP_Right, 0, ATLAS_MAP_MOVE_RIGHT);
  add_move (klass, GDK_KEY_Up, GDK_KEY_KP_Up, 0, ATLAS_MAP_MOVE_UP);
  add_move (klass, GDK_KEY_Down, GDK_KEY_KP_Down, 0, ATLAS_MAP_MOVE_DOWN);
  add_move (klass, GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, 0, ATLAS_MAP_MOVE_PAGE_UP);
  add_move (klass, GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, 0, ATLAS_MAP_MOVE_PAGE_DOWN);
  add_move (klass, GDK_KEY_Home, GDK_KEY_KP_Home, 0, ATLAS_MAP_MOVE_REGION_START);
  add_move (klass, GDK_KEY_End, GDK_KEY_KP_End, 0, ATLAS_MAP_MOVE_REGION_END);
  add_move (klass, GDK_KEY_Home, GDK_KEY_KP_Home, GDK_CONTROL_MASK, ATLAS_MAP_MOVE_MAP_START);
  add_move (klass, GDK_KEY_End, GDK_KEY_KP_End, GDK_CONTROL_MASK, ATLAS_MAP_MOVE_MAP_END);

  gtk_widget_class_add_binding (klass, GDK_KEY_Escape, 0, escape_cb, NULL);
}
