/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One line; the answer is shown where those of buttons are. */

#include "atlas-config.h"

#include "atlas-lab-console.h"

#include "atlas-template.h"

struct _AtlasLabConsole
{
  GtkWidget parent_instance;

  GtkEditable *entry;

  GPtrArray *lines; /* oldest first */
  guint place;      /* of the line shown; lines->len: the one being written */
  char *draft;      /* that one, while another is shown */
};

static guint command_signal;

G_DEFINE_FINAL_TYPE (AtlasLabConsole, atlas_lab_console, GTK_TYPE_WIDGET)

static void
show (AtlasLabConsole *self, guint place)
{
  const char *text = self->draft ? self->draft : "";

  if (place > self->lines->len)
    return;
  if (self->place == self->lines->len && place < self->lines->len)
    {
      g_free (self->draft);
      self->draft = g_strdup (gtk_editable_get_text (self->entry));
    }
  if (place < self->lines->len)
    text = self->lines->pdata[place];
  self->place = place;
  gtk_editable_set_text (self->entry, text);
  gtk_editable_set_position (self->entry, -1);
}

static gboolean
key_pressed_cb (AtlasLabConsole *self, guint keyval, guint keycode, GdkModifierType state)
{
  if ((state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up)
    {
      if (self->place > 0)
        show (self, self->place - 1);
      return GDK_EVENT_STOP;
    }
  if ((keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down) && self->place < self->lines->len)
    {
      show (self, self->place + 1);
      return GDK_EVENT_STOP;
    }
  return GDK_EVENT_PROPAGATE;
}

/* The same line twice is kept once. */
static void
remember (AtlasLabConsole *self, const char *line)
{
  const char *last = self->lines->len > 0 ? self->lines->pdata[self->lines->len - 1] : NULL;

  if (g_strcmp0 (last, line) != 0)
    g_ptr_array_add (self->lines, g_strdup (line));
  self->place = self->lines->len;
  g_clear_pointer (&self->draft, g_free);
}

static void
activated_cb (AtlasLabConsole *self)
{
  g_autofree char *line = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));

  if (line[0] == '\0')
    return;
  remember (self, line);
  gtk_editable_set_text (self->entry, "");
  g_signal_emit (self, command_signal, 0, line);
}

static void
help_cb (AtlasLabConsole *self)
{
  g_signal_emit (self, command_signal, 0, "help");
}

static gboolean
atlas_lab_console_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ATLAS_LAB_CONSOLE (widget)->entry));
}

static void
atlas_lab_console_dispose (GObject *object)
{
  atlas_template_dispose (GTK_WIDGET (object), ATLAS_TYPE_LAB_CONSOLE);
  G_OBJECT_CLASS (atlas_lab_console_parent_class)->dispose (object);
}

static void
atlas_lab_console_finalize (GObject *object)
{
  AtlasLabConsole *self = ATLAS_LAB_CONSOLE (object);

  g_ptr_array_unref (self->lines);
  g_free (self->draft);
  G_OBJECT_CLASS (atlas_lab_console_parent_class)->finalize (object);
}

static void
atlas_lab_console_class_init (AtlasLabConsoleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_lab_console_dispose;
  G_OBJECT_CLASS (klass)->finalize = atlas_lab_console_finalize;
  widget_class->grab_focus = atlas_lab_console_grab_focus;
  command_signal = g_signal_new ("command", ATLAS_TYPE_LAB_CONSOLE, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-lab-console.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasLabConsole, entry);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, help_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
atlas_lab_console_init (AtlasLabConsole *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->lines = g_ptr_array_new_with_free_func (g_free);
}

void
atlas_lab_console_type (AtlasLabConsole *self, const char *text)
{
  g_return_if_fail (ATLAS_IS_LAB_CONSOLE (self) && text);

  gtk_editable_set_text (self->entry, text);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_set_position (self->entry, -1);
}
