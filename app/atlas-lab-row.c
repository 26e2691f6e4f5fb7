/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two sources say how much is resident, and both are shown: mincore counts pages of zeros as
 * present, pagemap tells them from memory of the process's own. */

#include "atlas-config.h"

#include "atlas-lab-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "atlas-format.h"
#include "atlas-lab-deeds.h"
#include "atlas-share-bar.h"

struct _AtlasLabRow
{
  GtkBox parent_instance;

  GtkLabel *name_label;
  GtkLabel *how_label;
  GtkLabel *detail_label;
  AtlasShareBar *bar;
  GtkWidget *lock_image;
  GtkLabel *resident_label;
  GtkButton *free_button;
  GtkButton *lock_button;
  GtkMenuButton *menu_button;

  AtlasLabAllocation *allocation;
  AtlasExperiment *experiment;
};

G_DEFINE_FINAL_TYPE (AtlasLabRow, atlas_lab_row, GTK_TYPE_BOX)

static gboolean
is_of_malloc (AtlasLabRow *self)
{
  const char *call = atlas_lab_allocation_get_call (self->allocation);

  return strstr (call, "alloc") != NULL;
}

static gboolean
is_of_sbrk (AtlasLabRow *self)
{
  return g_str_equal (atlas_lab_allocation_get_call (self->allocation), "sbrk");
}

/* The command that gives it back. What sbrk got is given back by moving the break down again. */
static char *
write_give_back (AtlasLabRow *self)
{
  const char *id = atlas_lab_allocation_get_id (self->allocation);

  if (is_of_sbrk (self))
    return g_strdup_printf ("sbrk %s -%" G_GUINT64_FORMAT, id,
                            atlas_lab_allocation_get_requested (self->allocation));
  return atlas_lab_deed_write (is_of_malloc (self) ? "free %s" : "munmap %s", id);
}

/* --- the menu --- */

static void
append (GMenu *menu, const char *title, const char *action, const char *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (title, NULL);

  g_menu_item_set_action_and_target (item, action, "s", target);
  g_menu_append_item (menu, item);
}

/* An underscore in a menu would be a mnemonic's. */
static void
append_deeds (GMenu *menu, const AtlasLabDeed *deeds, const char *id)
{
  for (const AtlasLabDeed *deed = deeds; deed->title; deed++)
    {
      GString *title = g_string_new (_ (deed->title));
      g_autofree char *plain = NULL;
      g_autofree char *command = atlas_lab_deed_write (deed->command, id);

      g_string_replace (title, "_", "__", 0);
      plain = g_string_free (title, FALSE);
      append (menu, plain, "lab.run", command);
    }
}

/* @more: (nullable) */
static void
append_submenu (GMenu *menu,
                const char *title,
                const AtlasLabDeed *deeds,
                const AtlasLabDeed *more,
                const char *id)
{
  g_autoptr (GMenu) submenu = g_menu_new ();

  append_deeds (submenu, deeds, id);
  if (more)
    append_deeds (submenu, more, id);
  g_menu_append_submenu (menu, title, G_MENU_MODEL (submenu));
}

static GMenuModel *
make_menu (AtlasLabRow *self)
{
  const char *id = atlas_lab_allocation_get_id (self->allocation);
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) more = g_menu_new ();
  g_autofree char *resize =
      g_strdup_printf (is_of_malloc (self) ? "realloc %s " : "mremap %s ", id);
  g_autofree char *mincore = atlas_lab_deed_write ("mincore %s", id);

  append_submenu (menu, _ ("_Touch"), ATLAS_LAB_TOUCHES, NULL, id);
  append_submenu (menu, _ ("_Lock"), ATLAS_LAB_LOCKS, ATLAS_LAB_UNLOCKS, id);
  append_submenu (menu, _ ("_Advise"), ATLAS_LAB_ADVICE, NULL, id);
  append_submenu (menu, _ ("_Protect"), ATLAS_LAB_PROTECTIONS, NULL, id);
  if (!is_of_sbrk (self))
    append (more, _ ("_Resize…"), "lab.type", resize);
  append (more, _ ("Ask _mincore ()"), "lab.run", mincore);
  append (more, _ ("_Show on the Map"), "lab.reveal", id);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (more));
  return G_MENU_MODEL (menu);
}

/* A hundred widgets, made for a row whose menu is opened. */
static void
create_menu_cb (GtkMenuButton *button, gpointer data)
{
  g_autoptr (GMenuModel) menu = NULL;

  if (gtk_menu_button_get_menu_model (button) != NULL)
    return;
  menu = make_menu (data);
  gtk_menu_button_set_menu_model (button, menu);
}

/* --- what is resident --- */

/* By pagemap, as of the newest snapshot; FALSE where that does not hold all of it. It may lie in
 * several regions: mprotect and the like split them. */
static gboolean
count_pages (AtlasLabRow *self, AtlasPageCounts *counts)
{
  AtlasSession *session = atlas_experiment_get_session (self->experiment);
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (session);
  guint64 start = atlas_lab_allocation_get_start (self->allocation);
  guint64 n_pages = atlas_lab_allocation_get_n_pages (self->allocation);

  if (!snapshot || !atlas_experiment_is_watching (self->experiment)
      || atlas_session_get_cursor (session) != 0)
    return FALSE;
  atlas_snapshot_count_range (snapshot, start,
                              start + n_pages * atlas_snapshot_get_page_size (snapshot), counts);
  return counts->pages == n_pages && counts->unknown == 0;
}

static char *
describe_resident (AtlasLabRow *self, guint64 resident, gboolean known)
{
  g_autofree char *of = atlas_format_count (atlas_lab_allocation_get_n_pages (self->allocation));
  g_autofree char *some = atlas_format_count (resident);

  if (!known)
    return g_strdup_printf (ngettext ("%s page", "%s pages",
                                      (gulong) atlas_lab_allocation_get_n_pages (self->allocation)),
                            of);
  /* Translators: "1,024 of 1,024", resident pages; there is little room */
  if (atlas_lab_allocation_get_n_pages (self->allocation) > 999
      || atlas_lab_allocation_get_locked (self->allocation))
    return g_strdup_printf (_ ("%s of %s"), some, of);
  /* Translators: "26 of 26 resident", pages */
  return g_strdup_printf (_ ("%s of %s resident"), some, of);
}

/* The list's row has the focus; what it holds is not its name by itself. */
static void
update_name (AtlasLabRow *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_LIST_BOX_ROW);
  g_autofree char *name = g_strdup_printf (
      "%s, %s, %s, %s", gtk_label_get_text (self->name_label), gtk_label_get_text (self->how_label),
      gtk_label_get_text (self->resident_label), gtk_label_get_text (self->detail_label));

  if (row)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* What mincore () and pagemap say, a line each, or NULL where neither is known. */
static char *
describe_sources (AtlasLabRow *self, const AtlasPageCounts *counts, gboolean known)
{
  guint64 mincore = atlas_lab_allocation_get_resident (self->allocation);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  if (mincore != ATLAS_LAB_PAGES_UNKNOWN)
    {
      g_autofree char *count = atlas_format_count (mincore);

      g_ptr_array_add (lines, g_strdup_printf (_ ("mincore () says %s in memory"), count));
    }
  if (known)
    {
      g_autofree char *resident = atlas_format_count (counts->resident);
      g_autofree char *zero = atlas_format_count (counts->zero);
      g_autofree char *swapped = atlas_format_count (counts->swapped);

      g_ptr_array_add (lines, g_strdup_printf (_ ("pagemap says %s resident, %s the page of zeros, "
                                                  "%s swapped"),
                                               resident, zero, swapped));
    }
  g_ptr_array_add (lines, NULL);
  return lines->len > 1 ? g_strjoinv ("\n", (char **) lines->pdata) : NULL;
}

/* There may be a thousand rows: those that are not shown wait until they are. */
static void
update_resident (AtlasLabRow *self)
{
  AtlasPageCounts counts = { 0 };
  guint64 n_pages = atlas_lab_allocation_get_n_pages (self->allocation);
  g_autofree char *text = NULL;
  g_autofree char *sources = NULL;
  gboolean known;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  known = count_pages (self, &counts);
  text = describe_resident (self, counts.resident, known);
  sources = describe_sources (self, &counts, known);
  gtk_label_set_text (self->resident_label, text);
  atlas_share_bar_set_share (
      self->bar, known && n_pages > 0 ? (double) counts.resident / (double) n_pages : 0);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->resident_label), sources);
  update_name (self);
}

static void
update_buttons (AtlasLabRow *self)
{
  const char *id = atlas_lab_allocation_get_id (self->allocation);
  gboolean locked = atlas_lab_allocation_get_locked (self->allocation);
  g_autofree char *give_back = write_give_back (self);
  g_autofree char *lock = atlas_lab_deed_write (locked ? "munlock %s" : "mlock %s", id);

  gtk_button_set_label (self->free_button, is_of_malloc (self) ? _ ("free")
                                           : is_of_sbrk (self) ? _ ("give back")
                                                               : _ ("unmap"));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->free_button), "s", give_back);
  gtk_widget_set_visible (self->lock_image, locked);
  gtk_button_set_label (self->lock_button, locked ? _ ("unlock") : _ ("lock"));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->lock_button), "s", lock);
}

/* What may be used of it, and the pages that the process itself says are in memory. */
static char *
describe_detail (AtlasLabRow *self)
{
  guint64 usable = atlas_lab_allocation_get_usable (self->allocation);
  guint64 mincore = atlas_lab_allocation_get_resident (self->allocation);
  g_autofree char *bytes = atlas_format_count (usable);
  /* Translators: malloc_usable_size () */
  g_autofree char *text =
      g_strdup_printf (ngettext ("%s byte usable", "%s bytes usable", (gulong) usable), bytes);
  g_autofree char *pages = NULL;

  if (mincore == ATLAS_LAB_PAGES_UNKNOWN)
    return g_steal_pointer (&text);
  pages = atlas_format_count (mincore);
  /* Translators: "102,408 bytes usable · mincore 26"; the latter are pages, and there is little
   * room */
  return g_strdup_printf (_ ("%s · mincore %s"), text, pages);
}

/* Bytes of the pages that what may be used of it lies on: all of a mapping that malloc made for it,
 * but for pages in front that a large alignment skipped. */
static guint64
get_extent (AtlasLabRow *self)
{
  guint64 start = atlas_lab_allocation_get_start (self->allocation);
  guint64 end = atlas_lab_allocation_get_address (self->allocation)
                + atlas_lab_allocation_get_usable (self->allocation);
  guint64 page_size = (guint64) sysconf (_SC_PAGESIZE);

  return (end - start + page_size - 1) / page_size * page_size;
}

static void
update (AtlasLabRow *self)
{
  g_autofree char *name = atlas_lab_allocation_dup_title (self->allocation);
  AtlasLabHow how = atlas_lab_allocation_get_how (self->allocation);
  const char *how_text = how == ATLAS_LAB_HOW_BRK     ? "brk"
                         : how == ATLAS_LAB_HOW_MMAP  ? "mmap"
                         : how == ATLAS_LAB_HOW_ARENA ? _ ("arena")
                         : how == ATLAS_LAB_HOW_NONE  ? _ ("free memory")
                                                      : "";
  g_autofree char *extent = atlas_format_bytes (get_extent (self));
  g_autofree char *text = g_strstrip (g_strdup_printf ("%s %s", how_text, extent));
  g_autofree char *detail = describe_detail (self);

  gtk_label_set_text (self->name_label, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name_label), name);
  gtk_label_set_text (self->how_label, text);
  gtk_label_set_text (self->detail_label, detail);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->detail_label), detail);
  g_object_set (self->bar, "kind",
                how == ATLAS_LAB_HOW_MMAP ? ATLAS_KIND_ANONYMOUS : ATLAS_KIND_HEAP, NULL);
  update_buttons (self);
  update_resident (self);
}

static void
atlas_lab_row_dispose (GObject *object)
{
  AtlasLabRow *self = ATLAS_LAB_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), ATLAS_TYPE_LAB_ROW);
  g_clear_object (&self->allocation);
  g_clear_object (&self->experiment);
  G_OBJECT_CLASS (atlas_lab_row_parent_class)->dispose (object);
}

static void
atlas_lab_row_class_init (AtlasLabRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_lab_row_dispose;

  g_type_ensure (ATLAS_TYPE_SHARE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-lab-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasLabRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabRow, how_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabRow, bar);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabRow, lock_image);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabRow, resident_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabRow, free_button);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabRow, lock_button);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabRow, menu_button);
}

static void
atlas_lab_row_init (AtlasLabRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "notify::parent", G_CALLBACK (update_name), NULL);
  g_signal_connect_after (self, "map", G_CALLBACK (update_resident), NULL);
}

GtkWidget *
atlas_lab_row_new (AtlasLabAllocation *allocation, AtlasExperiment *experiment)
{
  AtlasLabRow *self = g_object_new (ATLAS_TYPE_LAB_ROW, NULL);
  const char *id = atlas_lab_allocation_get_id (allocation);
  g_autofree char *label = g_strdup_printf (_ ("More for %s"), id);

  self->allocation = g_object_ref (allocation);
  self->experiment = g_object_ref (experiment);
  gtk_menu_button_set_create_popup_func (self->menu_button, create_menu_cb, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  g_signal_connect_object (allocation, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (atlas_experiment_get_session (experiment), "notify::snapshot",
                           G_CALLBACK (update_resident), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
