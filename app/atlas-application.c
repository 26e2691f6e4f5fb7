/* SPDX-License-Identifier: GPL-3.0-or-later */

/* `memory-atlas [PID]` starts it or, if it runs already, raises its window and shows that process
 * there. Usage errors are found before a display or a running instance is asked for. */

#include "atlas-config.h"

#include "atlas-application.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "atlas-about.h"
#include "atlas-renderer.h"
#include "atlas-resources.h"
#include "atlas-settings.h"
#include "atlas-window.h"

/* As in the CLI's man page: wrong usage. */
#define EXIT_USAGE 2

struct _AtlasApplication
{
  AdwApplication parent_instance;

  AtlasProcfs *procfs;
};

G_DEFINE_FINAL_TYPE (AtlasApplication, atlas_application, ADW_TYPE_APPLICATION)

static const struct
{
  const char *action;
  const char *accels[4];
} SHORTCUTS[] = {
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
  { "win.search", { "<Control>f" } },
  { "win.go-to", { "<Control>l" } },
  { "win.refresh", { "<Control>r" } },
  { "win.export", { "<Control>e" } },
  { "win.copy-picture", { "<Control><Shift>c" } },
  { "win.show-sidebar", { "F9" } },
  { "win.show-inspector", { "<Control>i" } },
  { "win.show-history", { "<Control>h" } },
  { "win.view::map", { "<Control>1" } },
  { "win.view::table", { "<Control>2" } },
  { "win.sidebar-page::processes", { "<Alt>1" } },
  { "win.sidebar-page::lab", { "<Alt>2" } },
  { "win.lab-command", { "<Control>k" } },
  { "win.zoom-in", { "<Control>plus", "<Control>equal", "<Control>KP_Add" } },
  { "win.zoom-out", { "<Control>minus", "<Control>KP_Subtract" } },
  { "win.zoom-reset", { "<Control>0", "<Control>KP_0" } },
  { "win.show-help-overlay", { "<Control>question", "<Control>slash" } },
};

/* Whether @text is a PID as a person writes it: digits, more than 0. */
static gboolean
parse_pid (const char *text, gint *pid)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &value, NULL))
    return FALSE;
  *pid = (gint) value;
  return TRUE;
}

/* The one window; made when there is none. */
static AtlasWindow *
ensure_window (AtlasApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  for (GList *l = windows; l; l = l->next)
    if (ATLAS_IS_WINDOW (l->data))
      return ATLAS_WINDOW (l->data);
  return atlas_window_new (GTK_APPLICATION (self), self->procfs);
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkApplication *application = GTK_APPLICATION (data);
  GtkWindow *window = gtk_application_get_active_window (application);

  /* Closing lets the window save its state; the last one to go ends the program. */
  if (window)
    gtk_window_destroy (window);
  g_application_quit (G_APPLICATION (application));
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  AtlasApplication *self = ATLAS_APPLICATION (data);

  atlas_about_present (gtk_application_get_active_window (GTK_APPLICATION (self)), self->procfs);
}

static void
atlas_application_startup (GApplication *application)
{
  AtlasApplication *self = ATLAS_APPLICATION (application);
  g_autoptr (GError) error = NULL;

  if (!gtk_init_check ())
    {
      g_printerr ("%s\n", _ ("memory-atlas: there is no display here. "
                             "memory-atlas-cli shows and exports memory without one."));
      exit (EXIT_FAILURE);
    }

  G_APPLICATION_CLASS (atlas_application_parent_class)->startup (application);

  self->procfs = atlas_procfs_new ("/proc", &error);
  if (!self->procfs || !atlas_settings_get_default ())
    {
      g_printerr ("memory-atlas: %s\n",
                  error ? error->message
                        : _ ("its settings schema is not installed. Run it by “./dev run”, or "
                             "install it."));
      exit (EXIT_FAILURE);
    }

  gtk_window_set_default_icon_name (ATLAS_APP_ID);
  atlas_settings_bind_look (atlas_settings_get_default ());
  for (gsize i = 0; i < G_N_ELEMENTS (SHORTCUTS); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), SHORTCUTS[i].action,
                                           SHORTCUTS[i].accels);
}

/* The first time, this is what makes GTK choose how to paint. */
static void
present (AtlasWindow *window)
{
  gtk_window_present (GTK_WINDOW (window));
  atlas_renderer_restore_environment ();
}

static void
atlas_application_activate (GApplication *application)
{
  present (ensure_window (ATLAS_APPLICATION (application)));
}

/* Runs in the process that was started, before any other instance is asked. */
static int
atlas_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  g_autofree const char **arguments = NULL;
  gint pid;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("memory-atlas %s\n", ATLAS_VERSION);
      return EXIT_SUCCESS;
    }
  if (!g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&s", &arguments) || !arguments[0])
    return -1;
  if (arguments[1] || !parse_pid (arguments[0], &pid))
    {
      g_printerr ("%s\n", arguments[1] ? _ ("memory-atlas: one PID at most.")
                                       : _ ("memory-atlas: that is not a PID."));
      g_printerr ("%s\n", _ ("Usage: memory-atlas [PID]"));
      return EXIT_USAGE;
    }
  g_variant_dict_insert (options, "pid", "i", pid);
  return -1;
}

static int
atlas_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  AtlasWindow *window = ensure_window (ATLAS_APPLICATION (application));
  const char *lesson;
  gint pid;

  if (g_variant_dict_lookup (options, "pid", "i", &pid))
    atlas_window_show_process (window, pid);
  else if (g_variant_dict_lookup (options, "lesson", "&s", &lesson))
    atlas_window_start_lab (window, lesson);
  else if (g_variant_dict_contains (options, "lab"))
    atlas_window_start_lab (window, NULL);
  present (window);
  return EXIT_SUCCESS;
}

static void
atlas_application_finalize (GObject *object)
{
  AtlasApplication *self = ATLAS_APPLICATION (object);

  g_clear_pointer (&self->procfs, atlas_procfs_unref);
  G_OBJECT_CLASS (atlas_application_parent_class)->finalize (object);
}

static void
atlas_application_class_init (AtlasApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  /* Templates, style and icons; from a static library they do not register themselves. */
  atlas_register_resource ();

  G_OBJECT_CLASS (klass)->finalize = atlas_application_finalize;
  application_class->startup = atlas_application_startup;
  application_class->activate = atlas_application_activate;
  application_class->handle_local_options = atlas_application_handle_local_options;
  application_class->command_line = atlas_application_command_line;
}

static void
atlas_application_init (AtlasApplication *self)
{
  static const GActionEntry actions[] = {
    { .name = "quit", .activate = quit_cb },
    { .name = "about", .activate = about_cb },
  };
  static const GOptionEntry options[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
    { "lab", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Start a process to experiment on"), NULL },
    { "lesson", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_ ("Start the lesson of that name, or in that file"), N_ ("NAME") },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, NULL, N_ ("[PID]") },
    { NULL }
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (
      G_APPLICATION (self), _ ("— see the memory of a process, page by page"));
}

AtlasApplication *
atlas_application_new (void)
{
  return g_object_new (ATLAS_TYPE_APPLICATION, "application-id", ATLAS_APP_ID, "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE, "resource-base-path",
                       "/org/memoryatlas/MemoryAtlas", NULL);
}
