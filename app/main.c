/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas, the desktop program: the locale, the renderer, and on to the application. */

#include "atlas-config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "atlas-application.h"
#include "atlas-renderer.h"

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ATLAS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  atlas_renderer_choose ();

  g_autoptr (AtlasApplication) application = atlas_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
