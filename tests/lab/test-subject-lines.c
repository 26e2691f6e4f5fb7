/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the subject reads lines: long ones, odd ones, the end of input anywhere; that a wrong line
 * changes nothing; help. */

#include "memory-oracle.h"
#include "subject-client.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
expect (Subject *subject, const char *begin)
{
  g_autoptr (SubjectAnswer) answer = subject_receive (subject);

  if (!g_str_has_prefix (answer->line, begin))
    g_error ("expected \"%s\", got \"%s\"", begin, answer->line);
}

static void
send_text (Subject *subject, const char *text)
{
  subject_send (subject, text, strlen (text));
}

static void
test_greeting (void)
{
  g_autoptr (Subject) subject = subject_new ();
  const SubjectAnswer *greeting = subject_get_greeting (subject);
  g_autofree char *version = subject_answer_get_word (greeting, "glibc");

  g_assert_cmpuint (subject_answer_get_number (greeting, "page"), ==, sysconf (_SC_PAGESIZE));
  g_assert_cmpstr (version, !=, "");
  g_assert_cmpuint (subject_answer_get_number (greeting, "limit_as"), >, 0);
}

/* No answer; the next command has the first. */
static void
test_skipped (void)
{
  g_autoptr (Subject) subject = subject_new ();

  send_text (subject, "\n  \n\t\r\n# a comment\n   # another \"one\n#\nsbrk 0\n");
  expect (subject, "ok address=");
}

/* Only where the input begins. */
static void
test_byte_order_mark (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autoptr (SubjectAnswer) first = NULL;
  g_autoptr (SubjectAnswer) second = NULL;

  first = subject_ask (subject, "\xef\xbb\xbfmmap a 4K\r");
  g_assert_true (first->ok);
  second = subject_ask (subject, "\xef\xbb\xbfmmap b 4K\r");
  g_assert_false (second->ok);
}

static void
test_pieces (void)
{
  g_autoptr (Subject) subject = subject_new ();

  send_text (subject, "mall");
  send_text (subject, "oc a 1");
  send_text (subject, "00\nfree a\nmalloc b 5\n");
  expect (subject, "ok address=");
  expect (subject, "ok\t");
  expect (subject, "ok address=");
  send_text (subject, " \tmalloc\tc  7 \r\n");
  expect (subject, "ok address=");
}

static void
test_quotes (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_do (subject, "\"malloc\" a \"1\"0\"0\"");
  g_assert_cmpuint (subject_get (subject, "size", "realloc \"a\" 1\"0\""), ==, 10);
  subject_do (subject, "malloc \"b\" \"\"5");
  subject_fail (subject, "EINVAL line: a quote is not closed", "malloc \"c 5");
  subject_fail (subject, "EINVAL line: in quotes, \\ is followed by", "malloc \"\\q\" 5");
  subject_fail (subject, "EINVAL line: in quotes, \\ is followed by", "malloc \"\\x0\" 5");
  subject_fail (subject, "EINVAL line: in quotes, \\ is followed by", "malloc \"\\x00\" 5");
  subject_fail (subject, "EINVAL line: in quotes, \\ is followed by", "malloc \"\\");
  subject_fail (subject, "EINVAL malloc: \"a\\x0ab\\x09\\x1b\" is no name",
                "malloc \"a\\nb\\t\\x1B\" 5");
  subject_fail (subject, "EINVAL line: no command is called \"\"", "\"\"");
  subject_fail (subject, "EINVAL line: no command is called \"\\xff\\xe4\"", "\xff\xe4");
}

static void
test_names (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_do (subject, "malloc a 1");
  subject_do (subject, "malloc A_z.9-x 1");
  subject_do (subject, "malloc 1234567890123456789012345678901 1");
  subject_do (subject, "malloc . 1");
  subject_fail (subject, "EINVAL malloc: \"12345678901234567890123456789012\" is no name",
                "malloc 12345678901234567890123456789012 1");
  subject_fail (subject, "EINVAL malloc: \"-a\" is no name", "malloc -a 1");
  subject_fail (subject, "EINVAL malloc: \"a/b\" is no name", "malloc a/b 1");
  subject_fail (subject, "EINVAL malloc: \"\" is no name", "malloc \"\" 1");
}

/* Of 4,095 bytes is the longest line; what is longer is skipped up to its end. */
static void
test_long_lines (void)
{
  g_autoptr (Subject) subject = subject_new ();
  const gsize lengths[] = { 4094, 4095, 4096, 4097, 8190, 8191, 8192, 8193, 100000, 1000000 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *line = g_strnfill (lengths[i], ' ');

      memcpy (line, "sbrk 0", 6);
      line[lengths[i] - 1] = '#';
      send_text (subject, line);
      send_text (subject, "\nmunlockall\n");
      expect (subject,
              lengths[i] <= 4095 ? "error EINVAL sbrk: " : "error E2BIG line: more than 4095");
      expect (subject, "ok\t");
    }
}

static void
test_many_words (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autofree char *words = g_strnfill (2000, 'a');

  for (gsize i = 1; i < 2000; i += 2)
    words[i] = ' ';
  subject_fail (subject, "EINVAL line: too many words", "malloc %s", words);
  words[2 * 126] = '\0';
  subject_fail (subject, "EINVAL malloc: write malloc ID SIZE", "malloc a %s", words);
}

static void
test_nul (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_send (subject, "malloc a 5\0 6\nmalloc a 5\n", 25);
  expect (subject, "error EINVAL line: there is a NUL byte in it");
  expect (subject, "ok address=");
  subject_send (subject, "\0\n\0\0\0\n", 6);
  expect (subject, "error EINVAL line: ");
  expect (subject, "error EINVAL line: ");
}

static void
assert_ended (Subject *subject)
{
  g_autofree char *rest = subject_drain (subject);
  int status = subject_wait (subject);

  g_assert_cmpstr (rest, ==, "");
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
test_end (void)
{
  g_autoptr (Subject) empty = subject_new ();
  g_autoptr (Subject) whole = subject_new ();
  g_autoptr (Subject) skipping = subject_new ();
  g_autofree char *line = g_strnfill (10000, 'x');

  subject_hang_up (empty);
  assert_ended (empty);
  send_text (whole, "malloc a 5\n");
  subject_hang_up (whole);
  expect (whole, "ok address=");
  assert_ended (whole);
  send_text (skipping, line);
  subject_hang_up (skipping);
  expect (skipping, "error E2BIG");
  assert_ended (skipping);
}

/* "malloc a 1" may have been going to be "malloc a 100". */
static void
test_end_in_a_line (void)
{
  g_autoptr (Subject) subject = subject_new ();

  send_text (subject, "sbrk 0\nexit 1");
  subject_hang_up (subject);
  expect (subject, "ok address=");
  expect (subject, "error EINVAL line: the input ended before its newline; it is not done");
  assert_ended (subject);
}

static void
test_exit (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autofree char *rest = NULL;
  int status;

  subject_fail (subject, "EINVAL exit: \"256\" is no number from 0 to 255", "exit 256");
  subject_fail (subject, "EINVAL exit: write exit [STATUS]", "exit 1 2");
  send_text (subject, "exit 42\nmalloc a 5\n");
  expect (subject, "ok status=42");
  rest = subject_drain (subject);
  g_assert_cmpstr (rest, ==, "");
  status = subject_wait (subject);
  g_assert_cmpint (WEXITSTATUS (status), ==, 42);
}

/* Nobody reads its answers any more: it ends by itself, though its input stays open. */
static void
test_closed_output (void)
{
  g_autoptr (Subject) subject = subject_new ();
  int status;

  subject_stop_reading (subject);
  send_text (subject, "list\n");
  status = subject_wait (subject);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 1);
}

static char *
get_memory (Subject *subject)
{
  gint pid = subject_get_pid (subject);
  g_autofree char *maps = oracle_read (pid, "maps");
  g_autofree char *limits = oracle_read (pid, "limits");
  g_autoptr (SubjectAnswer) list = subject_ask (subject, "list");
  g_autofree char *table = g_strjoinv ("\n", list->comments);

  return g_strconcat (maps, limits, table, NULL);
}

/* Wrong in every way that a command can be. */
static const char *const wrong_lines[] = {
  "nonsense",
  "MALLOC x 5",
  "malloc",
  "malloc x",
  "malloc x 5 6",
  "malloc a 5",
  "malloc x y",
  "malloc x -5",
  "malloc x 5KBs",
  "malloc x 5,12",
  "malloc x 64 pages",
  "malloc x/ 5",
  "calloc x y 5",
  "calloc x -1 5",
  "calloc x 5 y",
  "calloc a 1 1",
  "realloc x 5",
  "realloc a y",
  "realloc m 5",
  "aligned_alloc x y 5",
  "aligned_alloc x 5 y",
  "aligned_alloc a 5 5",
  "free x",
  "free m",
  "free s",
  "free",
  "usable x",
  "usable m",
  "mmap x",
  "mmap x y",
  "mmap x 5 z",
  "mmap x 5p prot=z",
  "mmap x 5p prot=",
  "mmap x 5p fixed=z",
  "mmap x 5p offset=z",
  "mmap m 5p",
  "mmap x 5p shared shared=1",
  "memfd x y",
  "memfd m 5p",
  "munmap x",
  "munmap m from 1",
  "munmap m from 3 to 2",
  "munmap m from 0 to 99",
  "munmap m from -1 to 2",
  "munmap m to 2 from 3",
  "mremap x 5p",
  "mremap m y",
  "mremap m 5p may",
  "mremap a 5p",
  "mremap s 5p",
  "mprotect x rw",
  "mprotect m z",
  "mprotect m rw from z to 5",
  "sbrk",
  "sbrk 64K",
  "sbrk y",
  "sbrk x y",
  "sbrk a 5",
  "sbrk m -5",
  "sbrk x -5",
  "sbrk -100M",
  "sbrk -- 5",
  "touch x read",
  "touch m walk",
  "touch m read z",
  "touch m read every z",
  "touch m read random 101",
  "touch m read from 3",
  "fill x 5",
  "fill m 256",
  "mlock x",
  "mlock m z",
  "mlock m onfault z",
  "mlock m from 0 to 100",
  "munlock x",
  "munlock m onfault",
  "mlockall z",
  "mlockall current z",
  "munlockall z",
  "madvise x free",
  "madvise m z",
  "madvise m hwpoison",
  "madvise m free z",
  "mincore x",
  "mincore m from 0 to 1",
  "mallopt z 5",
  "mallopt top_pad z",
  "mallopt top_pad 5G",
  "malloc_trim z",
  "malloc_stats z",
  "malloc_info z",
  "mallinfo z",
  "thresholds z",
  "getrlimit z",
  "setrlimit as",
  "setrlimit z 5",
  "setrlimit as z",
  "setrlimit as 5 z",
  "thread",
  "thread start",
  "thread start -",
  "thread stop z",
  "thread z list",
  "thread t z",
  "thread t malloc a 5",
  "fork",
  "fork -z",
  "fork k",
  "child",
  "child k",
  "child z list",
  "child k z",
  "overflow z",
  "overflow 5 6",
  "list z",
  "help z",
  "exit z",
  "exit 256",
  "\"",
  "malloc \"x",
  "malloc x 99999999999999999999",
};

static void
test_wrong_lines (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autofree char *before = NULL;

  subject_do (subject, "malloc a 100K");
  subject_do (subject, "mmap m 10p");
  subject_do (subject, "sbrk s 10p");
  subject_do (subject, "thread start t");
  subject_do (subject, "fork k");
  before = get_memory (subject);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong_lines); i++)
    {
      g_autofree char *after = NULL;

      subject_fail (subject, "EINVAL ", "%s", wrong_lines[i]);
      after = get_memory (subject);
      if (!g_str_equal (before, after))
        g_error ("%s changed something:\n%s\n%s", wrong_lines[i], before, after);
    }
}

/* Each command of help has a usage of its own, is known to help, and stands in the man page. */
static void
test_help (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autoptr (SubjectAnswer) all = subject_ask (subject, "help");
  g_autofree char *page = NULL;

  g_assert_true (g_file_get_contents (MAN_PAGE, &page, NULL, NULL));
  g_assert_cmpuint (g_strv_length (all->comments), ==, 36);
  for (char **line = all->comments; *line != NULL; line++)
    {
      g_autofree char *name = g_strndup (*line, strcspn (*line, " :"));
      g_autofree char *entry = g_strdup_printf (".It Cm %s", name);
      g_autoptr (SubjectAnswer) one = subject_ask (subject, "help %s", name);

      g_assert_cmpstr (one->comments[0], ==, *line);
      g_assert_nonnull (strstr (*line, ": "));
      if (strstr (page, entry) == NULL)
        g_error ("%s is not in the man page", name);
    }
  subject_fail (subject, "EINVAL help: no command is called \"x\"", "help x");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/lines/greeting", test_greeting);
  g_test_add_func ("/lab/lines/skipped", test_skipped);
  g_test_add_func ("/lab/lines/byte-order-mark", test_byte_order_mark);
  g_test_add_func ("/lab/lines/pieces", test_pieces);
  g_test_add_func ("/lab/lines/quotes", test_quotes);
  g_test_add_func ("/lab/lines/names", test_names);
  g_test_add_func ("/lab/lines/long", test_long_lines);
  g_test_add_func ("/lab/lines/many-words", test_many_words);
  g_test_add_func ("/lab/lines/nul", test_nul);
  g_test_add_func ("/lab/lines/end", test_end);
  g_test_add_func ("/lab/lines/end-in-a-line", test_end_in_a_line);
  g_test_add_func ("/lab/lines/exit", test_exit);
  g_test_add_func ("/lab/lines/closed-output", test_closed_output);
  g_test_add_func ("/lab/lines/wrong", test_wrong_lines);
  g_test_add_func ("/lab/lines/help", test_help);
  return g_test_run ();
}
