/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A child with pipes, and the form of its answers. */

#include "subject-client.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

struct _Subject
{
  GPid pid; /* 0 once it was reaped */
  gint known_pid;
  int input;
  GIOChannel *output;
  SubjectAnswer *greeting;
  char *copy; /* of the program, for another user, or NULL */
};

void
subject_answer_free (SubjectAnswer *self)
{
  if (self == NULL)
    return;
  g_free (self->line);
  g_free (self->error);
  g_free (self->call);
  g_free (self->text);
  g_strfreev (self->comments);
  g_free (self);
}

/* What stands behind " FIELD=", up to a blank or the closing quote; the first of that name. */
char *
subject_answer_get_word (const SubjectAnswer *self, const char *field)
{
  g_autofree char *key = g_strdup_printf (" %s=", field);
  const char *tab = strchr (self->line, '\t');
  const char *found = strstr (self->line, key);

  if (found == NULL || found > tab)
    return NULL;
  found += strlen (key);
  if (*found == '"')
    return g_strndup (found + 1, strcspn (found + 1, "\""));
  return g_strndup (found, strcspn (found, " \t"));
}

guint64
subject_answer_get_number (const SubjectAnswer *self, const char *field)
{
  g_autofree char *word = subject_answer_get_word (self, field);
  char *end;
  guint64 value;

  if (word == NULL)
    g_error ("no %s in: %s", field, self->line);
  value = g_ascii_strtoull (word, &end, g_str_has_prefix (word, "0x") ? 16 : 10);
  if (*end != '\0' || end == word)
    g_error ("%s is no number in: %s", field, self->line);
  return value;
}

/* "<TAB>faults=N major=N" is what each ends with, and nothing else has a TAB. */
static void
parse_faults (SubjectAnswer *answer)
{
  const char *tab = strchr (answer->line, '\t');
  g_autofree char *again = NULL;
  char *end;

  if (tab == NULL || !g_str_has_prefix (tab, "\tfaults="))
    g_error ("no faults in: %s", answer->line);
  answer->minor = g_ascii_strtoull (tab + strlen ("\tfaults="), &end, 10);
  if (!g_str_has_prefix (end, " major="))
    g_error ("no major faults in: %s", answer->line);
  answer->major = g_ascii_strtoull (end + strlen (" major="), NULL, 10);
  again = g_strdup_printf ("\tfaults=%" G_GUINT64_FORMAT " major=%" G_GUINT64_FORMAT, answer->minor,
                           answer->major);
  g_assert_cmpstr (tab, ==, again);
}

static void
parse_error (SubjectAnswer *answer)
{
  g_auto (GStrv) words = g_strsplit (answer->line, " ", 4);
  gsize length;

  if (g_strv_length (words) != 4 || !g_str_equal (words[0], "error")
      || !g_str_has_suffix (words[2], ":"))
    g_error ("neither ok nor error: %s", answer->line);
  answer->error = g_strdup (words[1]);
  answer->call = g_strndup (words[2], strlen (words[2]) - 1);
  length = strcspn (words[3], "\t");
  answer->text = g_strndup (words[3], length);
}

/* Names and values, one blank between them. */
static void
check_fields (const SubjectAnswer *answer)
{
  static GRegex *form;

  if (g_once_init_enter (&form))
    g_once_init_leave (&form,
                       g_regex_new ("^ok( [a-z_]+=([!#-~]+|\"[ -~]*\"))*\tfaults=", 0, 0, NULL));
  if (!g_regex_match (form, answer->line, 0, NULL))
    g_error ("not of the form: %s", answer->line);
}

static char *
read_line (Subject *self)
{
  g_autoptr (GError) error = NULL;
  char *line = NULL;
  gsize length = 0;
  gsize terminator = 0;

  if (g_io_channel_read_line (self->output, &line, &length, &terminator, &error)
      != G_IO_STATUS_NORMAL)
    g_error ("no answer: %s", error != NULL ? error->message : "end of file");
  if (strlen (line) != length || line[length - 1] != '\n')
    g_error ("not one whole line: %s", line);
  line[terminator] = '\0';
  return line;
}

SubjectAnswer *
subject_receive (Subject *self)
{
  SubjectAnswer *answer = g_new0 (SubjectAnswer, 1);
  g_autoptr (GPtrArray) comments = g_ptr_array_new ();
  char *line;

  while (g_str_has_prefix (line = read_line (self), "# "))
    {
      g_ptr_array_add (comments, g_strdup (line + 2));
      g_free (line);
    }
  g_ptr_array_add (comments, NULL);
  answer->comments = (char **) g_ptr_array_steal (comments, NULL);
  answer->line = line;
  answer->ok =
      g_str_equal (line, "ok") || g_str_has_prefix (line, "ok ") || g_str_has_prefix (line, "ok\t");
  if (answer->ok)
    check_fields (answer);
  else
    parse_error (answer);
  parse_faults (answer);
  return answer;
}

static void
become_nobody_cb (gpointer data)
{
  if (setgroups (0, NULL) != 0 || setresgid (NOBODY, NOBODY, NOBODY) != 0
      || setresuid (NOBODY, NOBODY, NOBODY) != 0)
    _exit (126);
}

/* Where the program was built may be out of another user's reach. */
static char *
copy_program (const char *program)
{
  g_autofree char *folder = g_dir_make_tmp ("atlas-subject-XXXXXX", NULL);
  g_autofree char *contents = NULL;
  char *copy = g_build_filename (folder, "memory-atlas-lab", NULL);
  gsize length;

  g_assert_true (g_file_get_contents (program, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (copy, contents, (gssize) length, NULL));
  g_assert_cmpint (chmod (copy, 0755), ==, 0);
  g_assert_cmpint (chmod (folder, 0755), ==, 0);
  return copy;
}

static void
spawn (Subject *self, const char *program, const char *const *options, gboolean as_nobody)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  int output;

  g_ptr_array_add (arguments, (gpointer) program);
  for (; options != NULL && *options != NULL; options++)
    g_ptr_array_add (arguments, (gpointer) *options);
  g_ptr_array_add (arguments, NULL);
  g_spawn_async_with_pipes (NULL, (char **) arguments->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                            as_nobody ? become_nobody_cb : NULL, NULL, &self->pid, &self->input,
                            &output, NULL, &error);
  g_assert_no_error (error);
  self->known_pid = self->pid;
  self->output = g_io_channel_unix_new (output);
  g_io_channel_set_close_on_unref (self->output, TRUE);
  g_io_channel_set_encoding (self->output, NULL, NULL);
}

Subject *
subject_new_with (const char *program, const char *const *options, gboolean as_nobody)
{
  Subject *self = g_new0 (Subject, 1);

  /* a subject that ended is found out by its missing answer */
  signal (SIGPIPE, SIG_IGN);
  if (as_nobody && geteuid () == 0)
    self->copy = copy_program (program);
  spawn (self, self->copy != NULL ? self->copy : program, options, self->copy != NULL);
  self->greeting = subject_receive (self);
  g_assert_cmpint (subject_answer_get_number (self->greeting, "pid"), ==, self->known_pid);
  return self;
}

Subject *
subject_new (void)
{
  return subject_new_with (SUBJECT, NULL, FALSE);
}

int
subject_wait (Subject *self)
{
  int status = 0;

  if (self->pid == 0)
    return 0;
  while (waitpid (self->pid, &status, 0) < 0 && errno == EINTR)
    ;
  self->pid = 0;
  return status;
}

static void
remove_copy (const char *copy)
{
  g_autofree char *folder = g_path_get_dirname (copy);

  unlink (copy);
  rmdir (folder);
}

void
subject_free (Subject *self)
{
  if (self == NULL)
    return;
  if (self->pid != 0)
    kill (self->pid, SIGKILL);
  subject_wait (self);
  subject_hang_up (self);
  g_io_channel_unref (self->output);
  subject_answer_free (self->greeting);
  if (self->copy != NULL)
    remove_copy (self->copy);
  g_free (self->copy);
  g_free (self);
}

gint
subject_get_pid (Subject *self)
{
  return self->known_pid;
}

const SubjectAnswer *
subject_get_greeting (Subject *self)
{
  return self->greeting;
}

void
subject_send (Subject *self, const char *bytes, gsize length)
{
  while (length > 0)
    {
      gssize step = write (self->input, bytes, length);

      if (step < 0)
        g_error ("it does not listen: %s", g_strerror (errno));
      bytes += step;
      length -= (gsize) step;
    }
}

static SubjectAnswer *
ask (Subject *self, const char *command)
{
  g_autofree char *line = g_strconcat (command, "\n", NULL);

  subject_send (self, line, strlen (line));
  return subject_receive (self);
}

static SubjectAnswer *
ask_ok (Subject *self, const char *command)
{
  SubjectAnswer *answer = ask (self, command);

  if (!answer->ok)
    g_error ("%s: %s", command, answer->line);
  return answer;
}

SubjectAnswer *
subject_ask (Subject *self, const char *format, ...)
{
  g_autofree char *command = NULL;
  va_list arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return ask (self, command);
}

void
subject_do (Subject *self, const char *format, ...)
{
  g_autofree char *command = NULL;
  va_list arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  subject_answer_free (ask_ok (self, command));
}

guint64
subject_get (Subject *self, const char *field, const char *format, ...)
{
  g_autofree char *command = NULL;
  g_autoptr (SubjectAnswer) answer = NULL;
  va_list arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  answer = ask_ok (self, command);
  return subject_answer_get_number (answer, field);
}

char *
subject_get_text (Subject *self, const char *field, const char *format, ...)
{
  g_autofree char *command = NULL;
  g_autoptr (SubjectAnswer) answer = NULL;
  va_list arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  answer = ask_ok (self, command);
  return subject_answer_get_word (answer, field);
}

void
subject_fail (Subject *self, const char *expected, const char *format, ...)
{
  g_autofree char *command = NULL;
  g_autofree char *begin = g_strconcat ("error ", expected, NULL);
  g_autoptr (SubjectAnswer) answer = NULL;
  va_list arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  answer = ask (self, command);
  if (!g_str_has_prefix (answer->line, begin))
    g_error ("%s: expected \"%s\", got \"%s\"", command, begin, answer->line);
}

void
subject_hang_up (Subject *self)
{
  if (self->input >= 0)
    close (self->input);
  self->input = -1;
}

void
subject_stop_reading (Subject *self)
{
  g_io_channel_shutdown (self->output, FALSE, NULL);
}

char *
subject_drain (Subject *self)
{
  char *rest = NULL;
  gsize length;

  g_io_channel_read_to_end (self->output, &rest, &length, NULL);
  return rest;
}
