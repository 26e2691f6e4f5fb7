/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The spine of a session. It shows where in the address space the cards are, and takes one there:
 * by click, by drag, or block by block with the keys. The strip itself is painted once for each
 * snapshot; what moves is drawn on top. */

#include "atlas-config.h"

#include "atlas-spine-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-accessible-text.h"
#include "atlas-appearance.h"
#include "atlas-block-text.h"
#include "atlas-flash.h"
#include "atlas-label-text.h"
#include "atlas-same-look.h"
#include "atlas-spine.h"
#include "atlas-style.h"
#include "atlas-tip.h"
#include "atlas-widget-canvas.h"

#define LEAST_WIDTH 140
#define LEAST_HEIGHT 160
#define NATURAL_HEIGHT 480
#define HOVER_ALPHA 0.10f
/* Pixels; a click may tremble. */
#define DRAG_THRESHOLD 4.0

typedef enum
{
  STEP_UP,
  STEP_DOWN,
  STEP_FIRST,
  STEP_LAST,
} Step;

struct _AtlasSpineView
{
  GtkWidget parent_instance;

  AtlasSession *session;
  GSignalGroup *signals;
  gboolean true_scale;

  AtlasSpineLayout *layout; /* NULL: nothing to show, or to be made */
  AtlasSnapshot *shown;     /* that it is of */
  AtlasWidgetCanvas canvas;
  GskRenderNode *node; /* the strip; NULL: to be painted */
  AtlasFlash flash;
  GskRenderNode *changes; /* what it points out; NULL: to be painted */

  double hover_y; /* negative: the pointer is elsewhere */
  double drag_y;  /* where the drag began */
  AtlasTip tip;
  char *label;
  char *description;
};

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_TRUE_SCALE,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (AtlasSpineView, atlas_spine_view, GTK_TYPE_WIDGET)

/* Layout */

static AtlasSnapshot *
get_session_snapshot (AtlasSpineView *self)
{
  return self->session != NULL ? atlas_session_get_snapshot (self->session) : NULL;
}

static void
drop_node (AtlasSpineView *self)
{
  g_clear_pointer (&self->node, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drop_layout (AtlasSpineView *self)
{
  g_clear_pointer (&self->layout, atlas_spine_layout_free);
  g_clear_pointer (&self->shown, atlas_snapshot_unref);
  g_clear_pointer (&self->changes, gsk_render_node_unref);
  drop_node (self);
}

/* Unless there is nothing to show. @before: (nullable): what it can take over blocks from */
static void
make_layout (AtlasSpineView *self, AtlasSpineLayout *before)
{
  GtkWidget *widget = GTK_WIDGET (self);
  AtlasSnapshot *snapshot = get_session_snapshot (self);
  AtlasCanvas *canvas;

  if (snapshot == NULL || gtk_widget_get_width (widget) <= 0 || gtk_widget_get_height (widget) <= 0
      || atlas_snapshot_get_n_regions (snapshot) == 0)
    return;

  canvas = atlas_widget_canvas_get (&self->canvas, widget);
  self->shown = atlas_snapshot_ref (snapshot);
  self->layout = atlas_spine_layout_new_after (
      before, snapshot, gtk_widget_get_width (widget), gtk_widget_get_height (widget),
      ceil (canvas->line_height[ATLAS_TEXT_CAPTION]), self->true_scale);
  atlas_spine_layout_set_labels (self->layout, atlas_session_get_labels (self->session));
}

/* NULL when there is nothing to show. */
static AtlasSpineLayout *
get_layout (AtlasSpineView *self)
{
  if (self->layout == NULL)
    make_layout (self, NULL);
  return self->layout;
}

/* The block that holds @address; a gap does not. */
static const AtlasSpineBlock *
find_block (AtlasSpineView *self, guint64 address, guint *index)
{
  AtlasSpineLayout *layout = get_layout (self);
  const AtlasSpineBlock *blocks;
  guint n_blocks = 0;

  if (layout == NULL || address == 0)
    return NULL;

  blocks = atlas_spine_layout_get_blocks (layout, &n_blocks);
  for (guint i = 0; i < n_blocks; i++)
    if (!blocks[i].gap && address >= blocks[i].start && address < blocks[i].end)
      {
        *index = i;
        return &blocks[i];
      }
  return NULL;
}

/* Going there */

static void
go_to (AtlasSpineView *self, guint64 address, gboolean select)
{
  if (select)
    atlas_session_select (self->session, address);
  atlas_session_reveal (self->session, address);
}

/* The page at @y; within merged regions with gaps between them, the region next to it. */
static guint64
snap_to_page (AtlasSpineView *self, const AtlasSpineBlock *block, double y)
{
  guint64 address = atlas_spine_layout_get_address (self->layout, y);
  guint index;

  address -= address % atlas_snapshot_get_page_size (self->shown);
  if (atlas_snapshot_find (self->shown, address, &index))
    return address;

  index = CLAMP (index, block->first_region, block->first_region + block->n_regions - 1);
  return atlas_snapshot_get_region (self->shown, index)->start;
}

static void
go_to_y (AtlasSpineView *self, double y)
{
  AtlasSpineLayout *layout = get_layout (self);
  const AtlasSpineBlock *block = layout != NULL ? atlas_spine_layout_hit (layout, y) : NULL;

  if (block == NULL)
    return;

  if (block->gap)
    go_to (self, block->end, FALSE);
  else
    go_to (self, snap_to_page (self, block, y), TRUE);
}

/* To the very address rather than to its page: the map moves as evenly as the hand. */
static void
scrub_to_y (AtlasSpineView *self, double y)
{
  AtlasSpineLayout *layout = get_layout (self);
  const AtlasSpineBlock *block = layout != NULL ? atlas_spine_layout_hit (layout, y) : NULL;
  guint64 address;
  guint index;

  if (block == NULL)
    return;

  address = block->gap ? block->end : atlas_spine_layout_get_address (layout, y);
  if (!atlas_snapshot_find (self->shown, address, &index) && !block->gap)
    address = snap_to_page (self, block, y);
  atlas_session_scrub (self->session, address);
}

static int
find_target (const AtlasSpineBlock *blocks, int n_blocks, int from, Step step)
{
  int direction = step == STEP_UP || step == STEP_LAST ? -1 : 1;
  int i = from + direction;

  if (step == STEP_FIRST)
    i = 0;
  else if (step == STEP_LAST)
    i = n_blocks - 1;

  while (i >= 0 && i < n_blocks && blocks[i].gap)
    i += direction;
  return i >= 0 && i < n_blocks ? i : -1;
}

static gboolean
step_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  AtlasSpineView *self = ATLAS_SPINE_VIEW (widget);
  AtlasSpineLayout *layout = get_layout (self);
  const AtlasSpineBlock *blocks;
  guint64 focus_start, focus_end;
  guint n_blocks = 0;
  guint from = 0;
  int target;

  if (layout == NULL)
    return FALSE;

  blocks = atlas_spine_layout_get_blocks (layout, &n_blocks);
  atlas_session_get_focus (self->session, &focus_start, &focus_end);
  if (find_block (self, atlas_session_get_selected (self->session), &from) == NULL && focus_end > 0)
    find_block (self, focus_end - 1, &from);

  target = find_target (blocks, (int) n_blocks, (int) from, (Step) g_variant_get_int32 (args));
  if (target >= 0)
    go_to (self, atlas_snapshot_get_region (self->shown, blocks[target].first_region)->start, TRUE);
  return TRUE;
}

/* Pointer */

static void
motion_cb (AtlasSpineView *self, double x, double y)
{
  self->hover_y = y;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
leave_cb (AtlasSpineView *self)
{
  self->hover_y = -1.0;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_begin_cb (AtlasSpineView *self, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->drag_y = y;
  go_to_y (self, y);
}

static void
drag_update_cb (AtlasSpineView *self, double dx, double dy, GtkGesture *gesture)
{
  double height = gtk_widget_get_height (GTK_WIDGET (self));

  if (fabs (dy) < DRAG_THRESHOLD)
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  scrub_to_y (self, CLAMP (self->drag_y + dy, 0.0, height - 1.0));
}

static gboolean
atlas_spine_view_query_tooltip (GtkWidget *widget,
                                int x,
                                int y,
                                gboolean keyboard,
                                GtkTooltip *tooltip)
{
  AtlasSpineView *self = ATLAS_SPINE_VIEW (widget);
  AtlasSpineLayout *layout = get_layout (self);
  const AtlasSpineBlock *block = NULL;
  g_auto (GStrv) lines = NULL;
  GdkRectangle area;
  guint index;

  if (layout == NULL)
    return FALSE;

  if (keyboard)
    block = find_block (self, atlas_session_get_selected (self->session), &index);
  else
    block = atlas_spine_layout_hit (layout, y);
  if (block == NULL)
    return FALSE;

  lines = atlas_block_text_tooltip (self->shown, block);
  lines = atlas_label_text_insert (
      g_steal_pointer (&lines), atlas_session_get_labels (self->session), block->start, block->end);
  atlas_tip_show (&self->tip, tooltip, (const char *const *) lines);
  area = (GdkRectangle){ 0, (int) floor (block->y), gtk_widget_get_width (widget),
                         (int) ceil (block->height) };
  gtk_tooltip_set_tip_area (tooltip, &area);
  return TRUE;
}

/* The session's news */

static char *
dup_label (AtlasSpineView *self)
{
  AtlasSnapshot *snapshot = get_session_snapshot (self);

  if (snapshot == NULL)
    return g_strdup (_ ("Address space"));
  /* Translators: %s is the name of a process. */
  return g_strdup_printf (_ ("Address space of %s"), atlas_snapshot_get_name (snapshot));
}

static char *
dup_description (AtlasSpineView *self, const AtlasSpineBlock *block)
{
  g_autofree char *description = atlas_block_text_describe (self->shown, block);
  g_autofree char *names = atlas_label_text_describe (atlas_session_get_labels (self->session),
                                                      block->start, block->end);

  /* Translators: a part of the address space, and the allocations in it. */
  return names != NULL ? g_strdup_printf (_ ("%s: %s"), description, names)
                       : g_steal_pointer (&description);
}

static void
update_accessible (AtlasSpineView *self)
{
  const AtlasSpineBlock *block = NULL;
  guint index;

  if (self->session != NULL)
    block = find_block (self, atlas_session_get_selected (self->session), &index);
  atlas_accessible_text_set (GTK_WIDGET (self), GTK_ACCESSIBLE_PROPERTY_LABEL, &self->label,
                             dup_label (self));
  atlas_accessible_text_set (GTK_WIDGET (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                             &self->description,
                             block != NULL ? dup_description (self, block) : NULL);
}

static void
snapshot_changed_cb (AtlasSpineView *self)
{
  AtlasSnapshot *snapshot = get_session_snapshot (self);

  if (self->shown == NULL || snapshot == NULL || !atlas_snapshots_look_same (self->shown, snapshot))
    {
      g_autoptr (AtlasSpineLayout) before = g_steal_pointer (&self->layout);

      drop_layout (self);
      make_layout (self, before);
    }
  update_accessible (self);
}

static void
labels_changed_cb (AtlasSpineView *self)
{
  if (self->layout != NULL)
    atlas_spine_layout_set_labels (self->layout, atlas_session_get_labels (self->session));
  drop_node (self);
  update_accessible (self);
}

static void
changes_changed_cb (AtlasSpineView *self)
{
  g_clear_pointer (&self->changes, gsk_render_node_unref);
  atlas_flash_set (&self->flash, atlas_session_get_changes (self->session));
}

static void
selection_changed_cb (AtlasSpineView *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  update_accessible (self);
}

/* Painting */

static void
paint_strip (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  AtlasSpineView *self = user_data;

  atlas_spine_paint (canvas, self->layout, atlas_session_get_highlight (self->session));
}

static void
paint_overlay (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  AtlasSpineView *self = user_data;
  guint64 start, end;

  atlas_session_get_focus (self->session, &start, &end);
  atlas_spine_paint_overlay (canvas, self->layout, start, end,
                             atlas_session_get_selected (self->session));
}

static void
snapshot_hover (AtlasSpineView *self, GtkSnapshot *snapshot)
{
  const AtlasPalette *palette = atlas_appearance_get_palette (atlas_appearance_get_default ());
  const AtlasSpineBlock *block = atlas_spine_layout_hit (self->layout, self->hover_y);
  GdkRGBA color = { (float) palette->text.red, (float) palette->text.green,
                    (float) palette->text.blue, HOVER_ALPHA };

  if (self->hover_y < 0.0 || block == NULL || block->gap)
    return;

  gtk_snapshot_append_color (snapshot, &color,
                             &GRAPHENE_RECT_INIT (0, (float) block->y,
                                                  (float) gtk_widget_get_width (GTK_WIDGET (self)),
                                                  (float) block->height));
}

static void
paint_changes (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  AtlasSpineView *self = user_data;

  atlas_spine_paint_changes (canvas, self->layout, self->flash.changes);
}

static void
snapshot_changes (AtlasSpineView *self, GtkSnapshot *snapshot, const graphene_rect_t *area)
{
  double opacity = atlas_flash_get_opacity (&self->flash);

  if (opacity <= 0.0)
    return;

  if (self->changes == NULL)
    self->changes =
        atlas_widget_canvas_record (&self->canvas, GTK_WIDGET (self), area, paint_changes, self);
  gtk_snapshot_push_opacity (snapshot, opacity);
  gtk_snapshot_append_node (snapshot, self->changes);
  gtk_snapshot_pop (snapshot);
}

static void
atlas_spine_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AtlasSpineView *self = ATLAS_SPINE_VIEW (widget);
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                             (float) gtk_widget_get_height (widget));
  g_autoptr (GskRenderNode) overlay = NULL;

  if (get_layout (self) == NULL)
    return;

  if (self->node == NULL)
    self->node = atlas_widget_canvas_record (&self->canvas, widget, &area, paint_strip, self);
  gtk_snapshot_append_node (snapshot, self->node);
  snapshot_hover (self, snapshot);
  snapshot_changes (self, snapshot, &area);
  overlay = atlas_widget_canvas_record (&self->canvas, widget, &area, paint_overlay, self);
  gtk_snapshot_append_node (snapshot, overlay);
}

static void
atlas_spine_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  drop_layout (ATLAS_SPINE_VIEW (widget));
}

static void
atlas_spine_view_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  gboolean horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = horizontal ? LEAST_WIDTH : LEAST_HEIGHT;
  *natural = horizontal ? LEAST_WIDTH : NATURAL_HEIGHT;
}

/* Object */

static void
set_true_scale (AtlasSpineView *self, gboolean true_scale)
{
  if (self->true_scale == true_scale)
    return;

  self->true_scale = true_scale;
  drop_layout (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRUE_SCALE]);
}

static void
atlas_spine_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AtlasSpineView *self = ATLAS_SPINE_VIEW (object);

  switch (id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_TRUE_SCALE:
      g_value_set_boolean (value, self->true_scale);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
atlas_spine_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AtlasSpineView *self = ATLAS_SPINE_VIEW (object);

  switch (id)
    {
    case PROP_SESSION:
      atlas_spine_view_set_session (self, g_value_get_object (value));
      break;
    case PROP_TRUE_SCALE:
      set_true_scale (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
atlas_spine_view_dispose (GObject *object)
{
  AtlasSpineView *self = ATLAS_SPINE_VIEW (object);

  atlas_flash_clear (&self->flash);
  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  g_clear_pointer (&self->layout, atlas_spine_layout_free);
  g_clear_pointer (&self->shown, atlas_snapshot_unref);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  g_clear_pointer (&self->changes, gsk_render_node_unref);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->description, g_free);
  atlas_widget_canvas_clear (&self->canvas);
  atlas_tip_clear (&self->tip);

  G_OBJECT_CLASS (atlas_spine_view_parent_class)->dispose (object);
}

static void
add_step (GtkWidgetClass *widget_class, guint keyval, guint keypad_keyval, Step step)
{
  gtk_widget_class_add_binding (widget_class, keyval, 0, step_cb, "i", (int) step);
  gtk_widget_class_add_binding (widget_class, keypad_keyval, 0, step_cb, "i", (int) step);
}

static void
atlas_spine_view_class_init (AtlasSpineViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = atlas_spine_view_dispose;
  object_class->get_property = atlas_spine_view_get_property;
  object_class->set_property = atlas_spine_view_set_property;
  widget_class->measure = atlas_spine_view_measure;
  widget_class->size_allocate = atlas_spine_view_size_allocate;
  widget_class->snapshot = atlas_spine_view_snapshot;
  widget_class->query_tooltip = atlas_spine_view_query_tooltip;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, ATLAS_TYPE_SESSION, flags);
  properties[PROP_TRUE_SCALE] = g_param_spec_boolean ("true-scale", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  add_step (widget_class, GDK_KEY_Up, GDK_KEY_KP_Up, STEP_UP);
  add_step (widget_class, GDK_KEY_Down, GDK_KEY_KP_Down, STEP_DOWN);
  add_step (widget_class, GDK_KEY_Home, GDK_KEY_KP_Home, STEP_FIRST);
  add_step (widget_class, GDK_KEY_End, GDK_KEY_KP_End, STEP_LAST);

  gtk_widget_class_set_css_name (widget_class, "spineview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
add_controllers (AtlasSpineView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

static void
atlas_spine_view_init (AtlasSpineView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->hover_y = -1.0;
  atlas_flash_init (&self->flash, widget);
  self->signals = g_signal_group_new (ATLAS_TYPE_SESSION);
  g_signal_group_connect_swapped (self->signals, "notify::snapshot",
                                  G_CALLBACK (snapshot_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::labels", G_CALLBACK (labels_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->signals, "notify::changes", G_CALLBACK (changes_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->signals, "notify::selected-address",
                                  G_CALLBACK (selection_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::highlight", G_CALLBACK (drop_node), self);
  g_signal_group_connect_swapped (self->signals, "focus-changed",
                                  G_CALLBACK (gtk_widget_queue_draw), self);
  add_controllers (self);

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_direction (widget, GTK_TEXT_DIR_LTR);
  atlas_style_ensure (gtk_widget_get_display (widget));
  g_signal_connect_object (atlas_appearance_get_default (), "changed", G_CALLBACK (drop_node), self,
                           G_CONNECT_SWAPPED);
  update_accessible (self);
}

GtkWidget *
atlas_spine_view_new (void)
{
  return g_object_new (ATLAS_TYPE_SPINE_VIEW, NULL);
}

void
atlas_spine_view_set_session (AtlasSpineView *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_SPINE_VIEW (self));
  g_return_if_fail (session == NULL || ATLAS_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  g_signal_group_set_target (self->signals, session);
  atlas_flash_set (&self->flash, NULL);
  drop_layout (self);
  update_accessible (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}
