/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A script that stops says at which line and why. */

#include "atlas-config.h"

#include "atlas-script-dialog.h"

#include <glib/gi18n-lib.h>

/* The choice below the files. */
#define FRESH "fresh"

typedef struct
{
  AtlasExperiment *experiment;
  AtlasScriptFunc said;
  GObject *object;
} Opening;

static Opening *
opening_new (AtlasExperiment *experiment, AtlasScriptFunc said, gpointer object)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->experiment = g_object_ref (experiment);
  opening->said = said;
  opening->object = g_object_ref (object);
  return opening;
}

static void
opening_free (Opening *opening)
{
  g_object_unref (opening->experiment);
  g_object_unref (opening->object);
  g_free (opening);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Opening *opening = data;
  g_autoptr (GError) error = NULL;

  if (atlas_lab_run_script_finish (ATLAS_LAB (source), result, NULL, &error))
    opening->said (_ ("The script ran to its end"), opening->object);
  else
    opening->said (error->message, opening->object);
  opening_free (opening);
}

void
atlas_script_dialog_run_file (AtlasExperiment *experiment,
                              GFile *file,
                              gboolean fresh,
                              AtlasScriptFunc said,
                              gpointer object)
{
  g_return_if_fail (ATLAS_IS_EXPERIMENT (experiment) && G_IS_FILE (file) && said
                    && G_IS_OBJECT (object));

  if (fresh)
    atlas_experiment_start (experiment);
  atlas_lab_run_script_file (atlas_experiment_get_lab (experiment), file, ran_cb,
                             opening_new (experiment, said, object));
}

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  Opening *opening = data;
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file)
    {
      const char *fresh = gtk_file_chooser_get_choice (GTK_FILE_CHOOSER (dialog), FRESH);

      atlas_script_dialog_run_file (opening->experiment, file, g_strcmp0 (fresh, "true") == 0,
                                    opening->said, opening->object);
    }
  opening_free (opening);
  g_object_unref (dialog);
}

void
atlas_script_dialog_run (GtkWindow *parent,
                         AtlasExperiment *experiment,
                         AtlasScriptFunc said,
                         gpointer object)
{
  GtkFileChooserNative *dialog;

  g_return_if_fail (ATLAS_IS_EXPERIMENT (experiment) && said && G_IS_OBJECT (object));

  dialog = gtk_file_chooser_native_new (_ ("Run a Script"), parent, GTK_FILE_CHOOSER_ACTION_OPEN,
                                        _ ("_Run"), _ ("_Cancel"));
  gtk_file_chooser_add_choice (GTK_FILE_CHOOSER (dialog), FRESH, _ ("In a fresh process"), NULL,
                               NULL);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb),
                    opening_new (experiment, said, object));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
