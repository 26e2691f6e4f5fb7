/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes a file so that at its name there is always either what was there before or all of what is
 * new: into a file beside it first, checked down to the disk, then renamed. */

#include "atlas-config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atlas-export.h"
#include "atlas-text.h"

/* A fixed name: one made from the target's could be too long. */
#define BESIDE ".memory-atlas-XXXXXX"

/* "Could not write “map.png”: No space left on device" */
static void
set_error (GError **error, const char *path, gint code, const char *why)
{
  g_autofree char *clean = atlas_text_clean (path, -1);

  g_set_error (error, G_IO_ERROR, code, _ ("Could not write “%s”: %s"), clean, why);
}

static void
set_errno (GError **error, const char *path, int error_number)
{
  set_error (error, path, (gint) g_io_error_from_errno (error_number), g_strerror (error_number));
}

/* What @path stands for once symbolic links are followed, or @path itself where nothing is yet.
 * It is opened and not only resolved, for the kernel to say no to a link that a stranger planted
 * in a shared folder (sysctl fs.protected_symlinks). */
static char *
resolve (const char *path, GError **error)
{
  g_autofree char *real = NULL;
  struct stat about;
  int fd;

  if (lstat (path, &about) != 0 || !S_ISLNK (about.st_mode))
    return g_strdup (path);

  fd = open (path, O_PATH | O_CLOEXEC);
  if (fd >= 0)
    real = realpath (path, NULL);
  if (real == NULL && errno == ENOENT)
    set_error (error, path, G_IO_ERROR_NOT_FOUND, _ ("It is a symbolic link that leads nowhere"));
  else if (real == NULL)
    set_errno (error, path, errno);
  if (fd >= 0)
    close (fd);
  return g_strdup (real);
}

/* Renaming would get round these: a folder's permission is enough for it. */
static gboolean
check_old_file (const char *path, mode_t *mode, GError **error)
{
  struct stat about;

  if (stat (path, &about) != 0)
    {
      if (errno == ENOENT)
        return TRUE;
      set_errno (error, path, errno);
      return FALSE;
    }
  *mode = about.st_mode & 0777;
  if (S_ISDIR (about.st_mode))
    set_error (error, path, G_IO_ERROR_IS_DIRECTORY, _ ("It is a folder"));
  else if (!S_ISREG (about.st_mode))
    set_error (error, path, G_IO_ERROR_NOT_REGULAR_FILE, _ ("It is not a regular file"));
  else if (faccessat (AT_FDCWD, path, W_OK, AT_EACCESS) != 0)
    set_errno (error, path, errno);
  else
    return TRUE;
  return FALSE;
}

/* Gives 0 or an errno. */
static int
write_all (int fd, GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  while (length > 0)
    {
      gssize written = write (fd, data, MIN (length, (gsize) G_MAXINT));

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return errno;
      data += written;
      length -= (gsize) written;
    }
  return 0;
}

/* Some file systems tell of a full disk or quota only when made to write, or at close. */
static int
fill_and_close (int fd, GBytes *bytes, mode_t mode)
{
  int problem = write_all (fd, bytes);

  if (problem == 0 && mode != 0 && fchmod (fd, mode) != 0)
    problem = errno;
  if (problem == 0 && fsync (fd) != 0 && errno != EINVAL && errno != EROFS)
    problem = errno;
  if (close (fd) != 0 && problem == 0 && errno != EINTR)
    problem = errno;
  return problem;
}

static gboolean
replace (const char *path, mode_t mode, GBytes *bytes, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *beside = g_build_filename (folder, BESIDE, NULL);
  /* 0666 less the umask, as any other new file. */
  int fd = g_mkstemp_full (beside, O_WRONLY | O_CLOEXEC, 0666);
  int problem;

  if (fd < 0)
    {
      set_errno (error, path, errno);
      return FALSE;
    }
  problem = fill_and_close (fd, bytes, mode);
  if (problem == 0 && g_rename (beside, path) != 0)
    problem = errno;
  if (problem == 0)
    return TRUE;
  g_unlink (beside);
  set_errno (error, path, problem);
  return FALSE;
}

/* Ctrl+C waits until the file beside is renamed or removed. */
static void
hold_signals (sigset_t *before)
{
  sigset_t held;

  sigemptyset (&held);
  sigaddset (&held, SIGINT);
  sigaddset (&held, SIGTERM);
  sigaddset (&held, SIGHUP);
  pthread_sigmask (SIG_BLOCK, &held, before);
}

gboolean
atlas_export_write_bytes (const char *path, GBytes *bytes, GError **error)
{
  g_autofree char *real = NULL;
  sigset_t before;
  mode_t mode = 0;
  gboolean replaced;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (bytes != NULL, FALSE);

  real = resolve (path, error);
  if (real == NULL || !check_old_file (real, &mode, error))
    return FALSE;
  hold_signals (&before);
  replaced = replace (real, mode, bytes, error);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  return replaced;
}
