/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every byte that reaches standard output goes through here, with every error checked: a full disk
 * behind a redirection must not pass for success. */

#include "atlas-config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "atlas-cli-output.h"
#include "atlas-cli.h"
#include "atlas-text.h"

/* Where the caller closed one of the three, the next file opened would take its place, and be
 * written into. Opened the wrong way round, so that using it still is an error. */
static void
fill_standard_descriptors (void)
{
  static const int flags[] = { O_WRONLY, O_RDONLY, O_RDONLY };

  for (int fd = 0; fd < (int) G_N_ELEMENTS (flags); fd++)
    if (fcntl (fd, F_GETFD) < 0 && open ("/dev/null", flags[fd]) != fd)
      _exit (ATLAS_CLI_EXIT_FAILED);
}

/* Writing fails then, and is dealt with where it does. */
static const int ignored[] = { SIGPIPE, SIGXFSZ };
static struct sigaction before[G_N_ELEMENTS (ignored)];

void
atlas_cli_prepare (void)
{
  const struct sigaction ignore = { .sa_handler = SIG_IGN };

  fill_standard_descriptors ();
  for (guint i = 0; i < G_N_ELEMENTS (ignored); i++)
    sigaction (ignored[i], &ignore, &before[i]);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ATLAS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

void
atlas_cli_restore_signals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ignored); i++)
    sigaction (ignored[i], &before[i], NULL);
}

/* A pipe that another program made non-blocking. */
static void
wait_until_writable (int fd)
{
  struct pollfd wait = { .fd = fd, .events = POLLOUT };

  while (poll (&wait, 1, -1) < 0 && errno == EINTR)
    ;
}

int
atlas_cli_write_into (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, data, length);

      if (written < 0 && errno == EAGAIN)
        wait_until_writable (fd);
      else if (written < 0 && errno != EINTR)
        return errno;
      else if (written > 0)
        {
          data += written;
          length -= (gsize) written;
        }
    }
  return 0;
}

gboolean
atlas_cli_write (const char *text, GError **error)
{
  int problem = atlas_cli_write_into (STDOUT_FILENO, text, strlen (text));

  if (problem == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (problem),
               _ ("Could not write to standard output: %s"), g_strerror (problem));
  return FALSE;
}

/* "…" becomes "..." where the locale has no such character, and what has no likeness "?". */
static char *
to_locale (const char *text)
{
  g_autofree char *likened = NULL;
  const char *charset;
  char *converted;

  if (g_get_charset (&charset))
    return g_strdup (text);
  likened = g_strconcat (charset, "//TRANSLIT", NULL);
  converted = g_convert_with_fallback (text, -1, likened, "UTF-8", "?", NULL, NULL, NULL);
  return converted != NULL ? converted : g_str_to_ascii (text, "C");
}

gboolean
atlas_cli_print (const char *text, GError **error)
{
  g_autofree char *converted = to_locale (text);

  return atlas_cli_write (converted, error);
}

int
atlas_cli_print_into (int fd, const char *text)
{
  g_autofree char *converted = to_locale (text);

  return atlas_cli_write_into (fd, converted, strlen (converted));
}

void
atlas_cli_complain (const char *message)
{
  g_autofree char *clean = atlas_text_clean (message, -1);
  g_autofree char *line = g_strdup_printf (ATLAS_CLI_PROGRAM ": %s\n", clean);

  atlas_cli_print_into (STDERR_FILENO, line);
}

guint
atlas_cli_get_width (void)
{
  const char *columns = g_getenv ("COLUMNS");
  struct winsize size;
  guint64 width;

  if (columns != NULL && g_ascii_string_to_unsigned (columns, 10, 1, 10000, &width, NULL))
    return (guint) width;
  if (isatty (STDOUT_FILENO) && ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
    return size.ws_col;
  return 0;
}
