/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file that is mapped shared is mapped to be read: nobody's file changes because somebody tries
 * out what a page does. The command line has no such scruples. */

#include "atlas-config.h"

#include "atlas-mmap-flags.h"

#include <glib/gi18n-lib.h>

#include "atlas-lab-command.h"
#include "atlas-template.h"

typedef struct
{
  const char *name, *word;
  const char *title;
} Flag;

/* The first takes the place of MAP_PRIVATE. */
static const Flag FLAGS[] = {
  { "MAP_SHARED", "shared", N_ ("MAP_SHARED: others that map it see changes") },
  { "MAP_POPULATE", "populate", N_ ("MAP_POPULATE: fault its pages in now") },
  { "MAP_LOCKED", "locked", N_ ("MAP_LOCKED: fault them in, and lock them") },
  { "MAP_NORESERVE", "noreserve", N_ ("MAP_NORESERVE: reserve no swap for it") },
  { "MAP_HUGETLB", "huge", N_ ("MAP_HUGETLB: from the pool of huge pages") },
};

struct _AtlasMmapFlags
{
  GtkWidget parent_instance;

  GtkMenuButton *button;
  GtkLabel *label;
  GtkBox *checks;
  GtkEditable *file_entry;

  GtkCheckButton *flags[G_N_ELEMENTS (FLAGS)];
};

G_DEFINE_FINAL_TYPE (AtlasMmapFlags, atlas_mmap_flags, GTK_TYPE_WIDGET)

/* NULL: anonymous memory. */
static const char *
get_path (AtlasMmapFlags *self)
{
  const char *path = gtk_editable_get_text (self->file_entry);

  return *path != '\0' ? path : NULL;
}

static gboolean
is_shared (AtlasMmapFlags *self)
{
  return gtk_check_button_get_active (self->flags[0]);
}

char *
atlas_mmap_flags_dup_words (AtlasMmapFlags *self)
{
  GString *words;

  g_return_val_if_fail (ATLAS_IS_MMAP_FLAGS (self), NULL);

  words = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (FLAGS); i++)
    if (gtk_check_button_get_active (self->flags[i]))
      g_string_append_printf (words, " %s", FLAGS[i].word);
  if (get_path (self) == NULL)
    return g_string_free (words, FALSE);
  if (is_shared (self))
    g_string_append (words, " prot=r");
  g_string_append (words, " file=");
  atlas_lab_command_append_word (words, get_path (self));
  return g_string_free (words, FALSE);
}

/* As C writes them: "MAP_PRIVATE|MAP_POPULATE". MAP_ANONYMOUS goes without saying. */
static char *
describe_flags (AtlasMmapFlags *self)
{
  GString *text = g_string_new (is_shared (self) ? FLAGS[0].name : "MAP_PRIVATE");

  for (guint i = 1; i < G_N_ELEMENTS (FLAGS); i++)
    if (gtk_check_button_get_active (self->flags[i]))
      g_string_append_printf (text, "|%s", FLAGS[i].name);
  return g_string_free (text, FALSE);
}

static void
update (AtlasMmapFlags *self)
{
  const char *path = get_path (self);
  g_autofree char *flags = describe_flags (self);
  g_autofree char *base = path ? g_path_get_basename (path) : NULL;
  g_autofree char *text = path ? g_strdup_printf ("%s · %s", base, flags) : g_strdup (flags);
  g_autofree char *whole = path ? g_strdup_printf ("%s\n%s", path, flags) : g_strdup (flags);
  /* Translators: flags of mmap (), as C writes them */
  g_autofree char *name = g_strdup_printf (_ ("Flags: %s"), text);

  gtk_label_set_text (self->label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), whole);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

/* --- a file --- */

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  g_autoptr (AtlasMmapFlags) self = data;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  path = file ? g_file_get_path (file) : NULL;
  if (path && g_utf8_validate (path, -1, NULL))
    gtk_editable_set_text (self->file_entry, path);
  g_object_unref (dialog);
}

static void
choose_file_cb (AtlasMmapFlags *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Map a File"), window, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Choose"), _ ("_Cancel"));

  gtk_menu_button_popdown (self->button);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), g_object_ref (self));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- the widget --- */

static void
atlas_mmap_flags_dispose (GObject *object)
{
  atlas_template_dispose (GTK_WIDGET (object), ATLAS_TYPE_MMAP_FLAGS);
  G_OBJECT_CLASS (atlas_mmap_flags_parent_class)->dispose (object);
}

static void
atlas_mmap_flags_class_init (AtlasMmapFlagsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_mmap_flags_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-mmap-flags.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasMmapFlags, button);
  gtk_widget_class_bind_template_child (widget_class, AtlasMmapFlags, label);
  gtk_widget_class_bind_template_child (widget_class, AtlasMmapFlags, checks);
  gtk_widget_class_bind_template_child (widget_class, AtlasMmapFlags, file_entry);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, choose_file_cb);
}

/* Like the lists above and below it, from the left; GtkMenuButton centres what it holds. */
static void
fill_button (AtlasMmapFlags *self)
{
  for (GtkWidget *part = GTK_WIDGET (self->label); !GTK_IS_BUTTON (part);
       part = gtk_widget_get_parent (part))
    gtk_widget_set_halign (part, GTK_ALIGN_FILL);
}

static void
atlas_mmap_flags_init (AtlasMmapFlags *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_button (self);
  for (guint i = 0; i < G_N_ELEMENTS (FLAGS); i++)
    {
      GtkWidget *check = gtk_check_button_new_with_label (_ (FLAGS[i].title));

      g_signal_connect_swapped (check, "toggled", G_CALLBACK (update), self);
      gtk_box_append (self->checks, check);
      self->flags[i] = GTK_CHECK_BUTTON (check);
    }
  update (self);
}
