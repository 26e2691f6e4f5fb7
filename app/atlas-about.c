/* SPDX-License-Identifier: GPL-3.0-or-later */

/* About Memory Atlas. What is needed to understand a report of trouble is there to be copied. */

#include "atlas-config.h"

#include "atlas-about.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "atlas-system.h"

static char *
describe_system (AtlasProcfs *procfs)
{
  g_autoptr (AtlasSystem) system = atlas_system_new (procfs);

  return g_strdup_printf ("Memory Atlas %s\n%s\n%s\nPage size %" G_GUINT64_FORMAT
                          " bytes\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\nGLib %u.%u.%u\n",
                          ATLAS_VERSION, system->kernel, system->libc, system->page_size,
                          gtk_get_major_version (), gtk_get_minor_version (),
                          gtk_get_micro_version (), adw_get_major_version (),
                          adw_get_minor_version (), adw_get_micro_version (), glib_major_version,
                          glib_minor_version, glib_micro_version);
}

void
atlas_about_present (GtkWindow *parent, AtlasProcfs *procfs)
{
  g_autofree char *system = describe_system (procfs);
  static const char *developers[] = { "The Memory Atlas developers", NULL };

  adw_show_about_window (
      parent, "application-name", _ ("Memory Atlas"), "application-icon", ATLAS_APP_ID, "version",
      ATLAS_VERSION, "developer-name", developers[0], "developers", developers, "license-type",
      GTK_LICENSE_GPL_3_0, "comments",
      _ ("See the memory of a process as the kernel keeps it, from the whole address space down to "
         "one page. It only looks: nothing of the contents of memory is read, and nothing in the "
         "process is changed."),
      "debug-info", system, "debug-info-filename", "memory-atlas.txt", "translator-credits",
      /* Translators: your names, one to a line. */
      _ ("translator-credits"), NULL);
}
