/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the list of processes. The list recycles rows, so all of it is set anew each time. */

#include "atlas-config.h"

#include "atlas-process-row.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "atlas-format.h"
#include "atlas-share-bar.h"

struct _AtlasProcessRow
{
  GtkBox parent_instance;

  GtkLabel *name_label;
  GtkLabel *value_label;
  GtkLabel *pid_label;
  AtlasShareBar *bar;

  AtlasProcess *process;
};

G_DEFINE_FINAL_TYPE (AtlasProcessRow, atlas_process_row, GTK_TYPE_BOX)

/* The amount, or why there is none. */
static char *
format_value (const AtlasProcessInfo *info, guint64 kb)
{
  if (info->unreadable)
    return g_strdup (_ ("unknown"));
  if (info->kernel_thread)
    return g_strdup (_ ("kernel"));
  if (info->state == 'Z')
    return g_strdup (_ ("zombie"));
  return atlas_format_bytes (kb * 1024);
}

static char *
format_pid (AtlasProcess *process, const AtlasProcessInfo *info)
{
  if (info->uid == getuid ())
    return g_strdup_printf (_ ("PID %d"), info->pid);
  /* Translators: PID and account name */
  return g_strdup_printf (_ ("PID %d · %s"), info->pid, atlas_process_get_user (process));
}

/* The list's own row widget is what assistive tools meet; its name is not made from our labels. */
static void
label_list_item (AtlasProcessRow *self, const char *value)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *label = NULL;

  if (!item)
    return;
  label = g_strdup_printf ("%s, %s, %s", gtk_label_get_text (self->name_label),
                           gtk_label_get_text (self->pid_label), value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
fill (AtlasProcessRow *self, AtlasProcessKey key, guint64 most)
{
  const AtlasProcessInfo *info = atlas_process_get_info (self->process);
  guint64 kb = atlas_process_key_get_kb (key, info);
  g_autofree char *value = format_value (info, kb);
  g_autofree char *pid = format_pid (self->process, info);
  gboolean has_memory = !info->unreadable && !info->kernel_thread && info->state != 'Z';

  gtk_label_set_text (self->name_label, info->name);
  gtk_label_set_text (self->value_label, value);
  gtk_label_set_text (self->pid_label, pid);
  atlas_share_bar_set_share (self->bar, most > 0 ? (double) kb / (double) most : 0);
  if (has_memory)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "dim-label");
  label_list_item (self, value);
}

/* Asked for only when it is to be seen: setting a tooltip on a row makes GTK look at once for what
 * is under the pointer, in the middle of laying out the list. */
static gboolean
atlas_process_row_query_tooltip (GtkWidget *widget,
                                 int x,
                                 int y,
                                 gboolean keyboard,
                                 GtkTooltip *tooltip)
{
  AtlasProcessRow *self = ATLAS_PROCESS_ROW (widget);
  const char *command = self->process ? atlas_process_get_command (self->process) : "";

  gtk_tooltip_set_text (tooltip, command);
  return *command != '\0';
}

void
atlas_process_row_show (AtlasProcessRow *self,
                        AtlasProcess *process,
                        AtlasProcessKey key,
                        guint64 most)
{
  g_return_if_fail (ATLAS_IS_PROCESS_ROW (self));
  g_return_if_fail (!process || ATLAS_IS_PROCESS (process));

  g_set_object (&self->process, process);
  if (process)
    fill (self, key, most);
}

AtlasProcess *
atlas_process_row_get_process (AtlasProcessRow *self)
{
  g_return_val_if_fail (ATLAS_IS_PROCESS_ROW (self), NULL);

  return self->process;
}

static void
atlas_process_row_dispose (GObject *object)
{
  AtlasProcessRow *self = ATLAS_PROCESS_ROW (object);

  g_clear_object (&self->process);
  gtk_widget_dispose_template (GTK_WIDGET (self), ATLAS_TYPE_PROCESS_ROW);
  G_OBJECT_CLASS (atlas_process_row_parent_class)->dispose (object);
}

static void
atlas_process_row_class_init (AtlasProcessRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_process_row_dispose;
  widget_class->query_tooltip = atlas_process_row_query_tooltip;

  g_type_ensure (ATLAS_TYPE_SHARE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-process-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessRow, value_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessRow, pid_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessRow, bar);
}

static void
atlas_process_row_init (AtlasProcessRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
atlas_process_row_new (void)
{
  return g_object_new (ATLAS_TYPE_PROCESS_ROW, NULL);
}
