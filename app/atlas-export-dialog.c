/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One job for each picture or file on its way: what to write, where, and whom to tell. The ending
 * of the name decides the format; a chosen filter decides where the name has none of ours. */

#include "atlas-config.h"

#include "atlas-export-dialog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A job lives from the dialog to the toast. */
typedef struct
{
  AtlasSnapshot *snapshot;
  AtlasPictureOptions options;
  AtlasExportFormat format;
  char *path; /* NULL: to the clipboard */
  GWeakRef toasts;
  GtkFileFilter *filters[ATLAS_N_EXPORTS];
} Job;

/* The folder of the last file, for the next one. */
static GFile *last_folder;

static Job *
job_new (AdwToastOverlay *toasts,
         AtlasSnapshot *snapshot,
         const AtlasPictureOptions *options,
         AtlasExportFormat format)
{
  Job *job = g_new0 (Job, 1);

  job->snapshot = atlas_snapshot_ref (snapshot);
  job->options = *options;
  if (options->labels != NULL)
    atlas_labels_ref (options->labels);
  job->format = format;
  g_weak_ref_init (&job->toasts, toasts);
  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  atlas_snapshot_unref (job->snapshot);
  g_clear_pointer (&job->options.labels, atlas_labels_unref);
  g_weak_ref_clear (&job->toasts);
  for (guint i = 0; i < ATLAS_N_EXPORTS; i++)
    g_clear_object (&job->filters[i]);
  g_free (job->path);
  g_free (job);
}

/* Toasts read their title as markup. */
static AdwToast *
toast_new (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

static void
say (Job *job, const char *text)
{
  g_autoptr (AdwToastOverlay) toasts = g_weak_ref_get (&job->toasts);

  if (toasts)
    adw_toast_overlay_add_toast (toasts, toast_new (text));
}

static void
say_failure (Job *job, const GError *error)
{
  say (job, error->message);
}

/* The folder as people say it: "~/Pictures". */
static char *
describe_folder (GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *name = folder ? g_file_get_parse_name (folder) : g_strdup ("/");
  const char *home = g_get_home_dir ();

  if (strlen (home) > 1 && g_str_has_prefix (name, home))
    return g_strconcat ("~", name + strlen (home), NULL);
  return g_steal_pointer (&name);
}

static void
say_written (Job *job)
{
  g_autoptr (AdwToastOverlay) toasts = g_weak_ref_get (&job->toasts);
  g_autoptr (GFile) file = g_file_new_for_path (job->path);
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *folder = describe_folder (file);
  g_autofree char *uri = g_file_get_uri (file);
  g_autofree char *text = NULL;
  AdwToast *toast;

  if (!toasts)
    return;
  /* Translators: name of a file, and the folder that it was saved in */
  text = g_strdup_printf (_ ("“%s” saved in %s"), name, folder);
  toast = toast_new (text);
  adw_toast_set_button_label (toast, _ ("Open"));
  adw_toast_set_action_name (toast, "win.open-file");
  adw_toast_set_action_target (toast, "s", uri);
  adw_toast_overlay_add_toast (toasts, toast);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (atlas_export_write (job->snapshot, job->format, &job->options, job->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    say_written (job);
  else
    say_failure (job, error);
}

static void
job_write (Job *job)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, written_cb, NULL);

  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, write_in_thread);
}

static gboolean
find_filter (Job *job, GtkFileFilter *filter, AtlasExportFormat *format)
{
  for (guint i = 0; filter && i < ATLAS_N_EXPORTS; i++)
    if (job->filters[i] == filter)
      {
        *format = (AtlasExportFormat) i;
        return TRUE;
      }
  return FALSE;
}

/* Settles name and format. FALSE if the name had to be completed and that file exists: nobody was
 * asked whether it may be replaced. */
static gboolean
job_settle (Job *job, const char *path, GtkFileFilter *filter)
{
  AtlasExportFormat chosen = job->format;

  find_filter (job, filter, &chosen);
  if (atlas_export_format_from_path (path, &job->format))
    {
      job->path = g_strdup (path);
      return TRUE;
    }
  job->format = chosen;
  job->path = g_strconcat (path, ".", atlas_export_format_get_extension (chosen), NULL);
  return !g_file_test (job->path, G_FILE_TEST_EXISTS);
}

static void
say_exists (Job *job)
{
  g_autofree char *name = g_filename_display_basename (job->path);
  g_autofree char *text = g_strdup_printf (
      _ ("“%s” is already there. Choose it by its full name to replace it."), name);

  say (job, text);
}

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  Job *job = data;
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (chooser);
  path = file ? g_file_get_path (file) : NULL;
  if (!path)
    {
      if (file)
        say (job, _ ("That place cannot be written to as a file on this machine."));
      job_free (job);
    }
  else
    {
      g_autoptr (GFile) folder = g_file_get_parent (file);

      g_set_object (&last_folder, folder);
      if (job_settle (job, path, gtk_file_chooser_get_filter (chooser)))
        job_write (job);
      else
        {
          say_exists (job);
          job_free (job);
        }
    }
  g_object_unref (dialog);
}

static void
add_filters (GtkFileChooser *chooser, Job *job)
{
  for (guint i = 0; i < ATLAS_N_EXPORTS; i++)
    {
      AtlasExportFormat format = (AtlasExportFormat) i;
      GtkFileFilter *filter = gtk_file_filter_new ();

      gtk_file_filter_set_name (filter, atlas_export_format_get_title (format));
      gtk_file_filter_add_suffix (filter, atlas_export_format_get_extension (format));
      gtk_file_chooser_add_filter (chooser, filter);
      job->filters[i] = filter;
    }
  gtk_file_chooser_set_filter (chooser, job->filters[job->format]);
}

static void
choose_folder (GtkFileChooser *chooser, AtlasExportFormat format)
{
  gboolean is_data = format == ATLAS_EXPORT_CSV || format == ATLAS_EXPORT_JSON;
  const char *path =
      g_get_user_special_dir (is_data ? G_USER_DIRECTORY_DOCUMENTS : G_USER_DIRECTORY_PICTURES);
  g_autoptr (GFile) folder = last_folder ? g_object_ref (last_folder)
                                         : g_file_new_for_path (path ? path : g_get_home_dir ());

  if (g_file_query_exists (folder, NULL))
    gtk_file_chooser_set_current_folder (chooser, folder, NULL);
}

/* "firefox-4211.png"; a name of a process can hold what a file name cannot. */
static char *
suggest_name (Job *job)
{
  g_autofree char *name = g_strdup (atlas_snapshot_get_name (job->snapshot));

  g_strdelimit (name, "/\\:*?\"<>|", '-');
  return g_strdup_printf ("%s-%d.%s", name, atlas_snapshot_get_pid (job->snapshot),
                          atlas_export_format_get_extension (job->format));
}

void
atlas_export_dialog_run (GtkWindow *parent,
                         AdwToastOverlay *toasts,
                         AtlasSnapshot *snapshot,
                         const AtlasPictureOptions *options,
                         AtlasExportFormat format)
{
  Job *job;
  GtkFileChooserNative *dialog;
  g_autofree char *name = NULL;

  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (ADW_IS_TOAST_OVERLAY (toasts));
  g_return_if_fail (snapshot);
  g_return_if_fail (options);

  job = job_new (toasts, snapshot, options, format);
  dialog = gtk_file_chooser_native_new (_ ("Export"), parent, GTK_FILE_CHOOSER_ACTION_SAVE,
                                        _ ("_Save"), _ ("_Cancel"));
  name = suggest_name (job);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  add_filters (GTK_FILE_CHOOSER (dialog), job);
  choose_folder (GTK_FILE_CHOOSER (dialog), format);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), job);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
draw_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  GBytes *bytes = atlas_export_to_bytes (job->snapshot, ATLAS_EXPORT_PNG, &job->options, &error);

  if (bytes)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

/* As a texture for programs of this toolkit, and as the very bytes for all others. */
static gboolean
put_on_clipboard (GtkWidget *widget, GBytes *png, GError **error)
{
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_bytes (png, error);
  g_autoptr (GdkContentProvider) provider = NULL;
  GdkContentProvider *providers[2];

  if (!texture)
    return FALSE;
  providers[0] = gdk_content_provider_new_for_bytes ("image/png", png);
  providers[1] = gdk_content_provider_new_typed (GDK_TYPE_TEXTURE, texture);
  provider = gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
  gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), provider);
  return TRUE;
}

static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (AdwToastOverlay) toasts = g_weak_ref_get (&job->toasts);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = g_task_propagate_pointer (G_TASK (result), &error);

  if (!toasts)
    return;
  if (png && put_on_clipboard (GTK_WIDGET (toasts), png, &error))
    say (job, _ ("Picture copied to the clipboard"));
  else
    say_failure (job, error);
}

void
atlas_export_copy_picture (AdwToastOverlay *toasts,
                           AtlasSnapshot *snapshot,
                           const AtlasPictureOptions *options)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (toasts));
  g_return_if_fail (snapshot);
  g_return_if_fail (options);

  task = g_task_new (NULL, NULL, drawn_cb, NULL);
  g_task_set_task_data (task, job_new (toasts, snapshot, options, ATLAS_EXPORT_PNG), job_free);
  g_task_run_in_thread (task, draw_in_thread);
}
