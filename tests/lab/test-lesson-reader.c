/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lessons as files: what they hold, and what is said of those that are wrong. */

#include "atlas-lesson.h"

#include <glib/gstdio.h>
#include <string.h>

#define HEAD "# Title\n\nSummary.\n\n"
#define STEP HEAD "## Step\n\n"

static AtlasLesson *
read_lesson (const char *text)
{
  g_autoptr (GError) error = NULL;
  AtlasLesson *lesson =
      atlas_lesson_new_from_data ("/some/where/01-a-lesson.md", text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_nonnull (lesson);
  return lesson;
}

static const AtlasLessonBlock *
get_block (GPtrArray *blocks, guint index)
{
  g_assert_cmpuint (index, <, blocks->len);
  return g_ptr_array_index (blocks, index);
}

static const AtlasExpectation *
get_expectation (const AtlasLessonStep *step, guint index)
{
  g_assert_cmpuint (index, <, step->expectations->len);
  return g_ptr_array_index (step->expectations, index);
}

static void
test_whole (void)
{
  g_autoptr (AtlasLesson) lesson =
      read_lesson ("# The *whole* thing\n\nOne `line`\nand more.\n\nIntroduction.\n\n"
                   "## First\n\nBefore.\n\n```lab\nmalloc a 1K\n\n# a comment\n  free a  \n```\n\n"
                   "Between.\n\n```expect\nrequires thp swap\nVmSize  +0\n# why not\n"
                   "how a\tfree\n```\n\nAfter.\n\n## Second\n\nNothing is done.\n");
  const AtlasLessonStep *step = atlas_lesson_get_step (lesson, 0);
  guint n_steps;

  g_assert_cmpstr (atlas_lesson_get_name (lesson), ==, "a-lesson");
  g_assert_cmpstr (atlas_lesson_get_title (lesson), ==, "The whole thing");
  g_assert_cmpstr (atlas_lesson_get_summary (lesson), ==, "One `line` and more.");
  g_assert_cmpuint (atlas_lesson_get_introduction (lesson)->len, ==, 1);
  g_assert_cmpstr (step->title, ==, "First");
  g_assert_cmpuint (step->line, ==, 8);
  g_assert_cmpstr (get_block (step->prose, 0)->text, ==, "Before.");
  g_assert_cmpuint (step->prose->len, ==, 1);
  g_assert_cmpstr (get_block (step->explanation, 0)->text, ==, "Between.");
  g_assert_cmpstr (get_block (step->explanation, 1)->text, ==, "After.");
  g_assert_cmpuint (g_strv_length (step->commands), ==, 2);
  g_assert_cmpstr (step->commands[0], ==, "malloc a 1K");
  g_assert_cmpstr (step->commands[1], ==, "free a");
  g_assert_cmpuint (g_strv_length (step->requirements), ==, 2);
  g_assert_cmpstr (step->requirements[1], ==, "swap");
  g_assert_cmpuint (step->expectations->len, ==, 2);
  g_assert_cmpstr (get_expectation (step, 0)->text, ==, "VmSize +0");
  g_assert_cmpuint (get_expectation (step, 0)->line, ==, 23);
  g_assert_cmpstr (get_expectation (step, 1)->text, ==, "how a free");
  g_assert_cmpuint (get_expectation (step, 1)->line, ==, 25);
  g_object_get (lesson, "n-steps", &n_steps, NULL);
  g_assert_cmpuint (n_steps, ==, 2);
  g_assert_null (atlas_lesson_get_step (lesson, 1)->commands[0]);
}

static void
test_prose (void)
{
  g_autoptr (AtlasLesson) lesson =
      read_lesson (HEAD "A *b* **c** `d<e` <b>f</b> [g](http://h) & i\\\nj\n\n### Sub\n\n"
                        "- one\n\n  more\n  - two\n\n3. three\n4. four\n\n> quoted\n\n"
                        "```c\nif (a < b)\n\treturn;\n```\n\n<div>\nhtml\n</div>\n\n***\n\n## S\n");
  GPtrArray *blocks = atlas_lesson_get_introduction (lesson);
  static const struct
  {
    AtlasLessonBlockKind kind;
    guint depth;
    const char *marker, *text, *markup;
  } expected[] = {
    { ATLAS_LESSON_PARAGRAPH, 0, "", "A b c `d<e` <b>f</b> g (http://h) & i\nj",
      "A <i>b</i> <b>c</b> <tt>d&lt;e</tt> &lt;b&gt;f&lt;/b&gt; g (http://h) &amp; i\nj" },
    { ATLAS_LESSON_SUBHEADING, 0, "", "Sub", "Sub" },
    { ATLAS_LESSON_ITEM, 1, "•", "one", "one" },
    { ATLAS_LESSON_ITEM, 1, "", "more", "more" },
    { ATLAS_LESSON_ITEM, 2, "•", "two", "two" },
    { ATLAS_LESSON_ITEM, 1, "3.", "three", "three" },
    { ATLAS_LESSON_ITEM, 1, "4.", "four", "four" },
    { ATLAS_LESSON_QUOTE, 0, "", "quoted", "quoted" },
    { ATLAS_LESSON_CODE, 0, "", "if (a < b)\n return;", "if (a &lt; b)\n return;" },
    { ATLAS_LESSON_CODE, 0, "", "<div>\nhtml\n</div>", "&lt;div&gt;\nhtml\n&lt;/div&gt;" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const AtlasLessonBlock *block = get_block (blocks, i);

      g_assert_cmpstr (block->text, ==, expected[i].text);
      g_assert_cmpstr (block->markup, ==, expected[i].markup);
      g_assert_cmpstr (block->marker, ==, expected[i].marker);
      g_assert_cmpint (block->kind, ==, expected[i].kind);
      g_assert_cmpuint (block->depth, ==, expected[i].depth);
    }
  g_assert_cmpuint (blocks->len, ==, G_N_ELEMENTS (expected));
}

/* Marks that turn text round, escape sequences, and a thousand lists in each other. */
static void
test_hostile_prose (void)
{
  g_autoptr (GString) text = g_string_new (HEAD "a\xe2\x80\xae"
                                                "b \033[31m `\xc2\x9b`\n\n");
  g_autoptr (AtlasLesson) lesson = NULL;
  GPtrArray *blocks;

  for (guint i = 0; i < 1000; i++)
    g_string_append (text, "- ");
  g_string_append (text, "deep\n\n");
  for (guint i = 0; i < 1000; i++)
    g_string_append (text, "*a **b ");
  for (guint i = 0; i < 1000; i++)
    g_string_append (text, "b** a*");
  g_string_append (text, "\n\n## S\n");
  lesson = read_lesson (text->str);
  blocks = atlas_lesson_get_introduction (lesson);
  g_assert_cmpstr (get_block (blocks, 0)->text, ==, "a\\u202eb \\x1b[31m `\\u009b`");
  for (guint i = 0; i < blocks->len; i++)
    {
      const char *markup = get_block (blocks, i)->markup;

      g_assert_true (g_utf8_validate (markup, -1, NULL));
      g_assert_null (strstr (markup, "\xe2\x80\xae"));
    }
}

static void
test_predict (void)
{
  g_autoptr (AtlasLesson) lesson = read_lesson (
      STEP "```lab\nmalloc a 1\n```\n```expect\nVmSize +0\nhow a free\nok\nsyscall brk\n"
           "child b: pages a shared 64\nchild b: pages a shared 63\n```\n## All\n\n```lab\nx\n```\n"
           "```expect\nVmSize +0\nok\nsyscall brk\nanswer a=b\n```\n## Some\n\n```lab\nx\n```\n"
           "```expect\nVmSize +0\nanswer arena=mmap\nanswer usable >= 1\nVmSize >= +0\n"
           "child b: pages a shared 64\n```\n```predict\nanswer arena: where <is> it?\n"
           "child b: pages a\nVmSize\nVmSize : again\n```\n## None\n\n```lab\nx\n```\n"
           "```expect\nVmSize +0\n```\n```predict\nnone\n```\n");
  static const char *const asked[] = { "110011", "1000", "11011", "0" };

  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      const AtlasLessonStep *step = atlas_lesson_get_step (lesson, i);

      g_assert_cmpuint (step->expectations->len, ==, strlen (asked[i]));
      for (guint j = 0; j < step->expectations->len; j++)
        g_assert_cmpint (get_expectation (step, j)->asked, ==, asked[i][j] == '1');
    }
  g_assert_cmpstr (get_expectation (atlas_lesson_get_step (lesson, 2), 1)->hint, ==,
                   "where <is> it?");
  g_assert_cmpstr (get_expectation (atlas_lesson_get_step (lesson, 2), 3)->hint, ==, "again");
  g_assert_null (get_expectation (atlas_lesson_get_step (lesson, 2), 4)->hint);
}

/* What is required before the first step is required of all. */
static void
test_requirements (void)
{
  g_autoptr (AtlasLesson) lesson =
      read_lesson (HEAD "```expect\nrequires memlock\n```\n## A\n\n```lab\nx\n```\n"
                        "```expect\nrequires thp\n```\n## B\n\n```lab\nx\n```\n");
  const AtlasLessonStep *first = atlas_lesson_get_step (lesson, 0);
  const AtlasLessonStep *second = atlas_lesson_get_step (lesson, 1);

  g_assert_cmpuint (g_strv_length (first->requirements), ==, 2);
  g_assert_cmpstr (first->requirements[0], ==, "memlock");
  g_assert_cmpstr (first->requirements[1], ==, "thp");
  g_assert_cmpuint (g_strv_length (second->requirements), ==, 1);
}

static void
test_wrong (void)
{
  static const struct
  {
    const char *text, *message;
  } cases[] = {
    { "", "01-x.md, line 1: This file is empty" },
    { "\n\n\n", "line 1: This file is empty" },
    { "Text.\n", "line 1: A lesson begins with its title" },
    { "\n## Step\n", "line 2: A lesson begins with its title" },
    { "# Title\n", "line 1: This lesson has no step" },
    { HEAD, "line 1: This lesson has no step" },
    { "#\n\nSummary\n\n## Step\n", "line 1: The title is empty" },
    { "# Title\n\n## Step\n", "line 3: Between the title and the first step" },
    { HEAD "##\n", "line 5: The title of this step is empty" },
    { STEP "# Title\n", "line 7: A lesson has one title" },
    { HEAD "```lab\nmalloc a 1\n```\n\n## Step\n", "line 5: This block belongs to a step" },
    { HEAD "```expect\nVmSize +0\n```\n\n## Step\n", "line 5: This block belongs to a step" },
    { HEAD "```predict\nnone\n```\n\n## Step\n", "line 5: This block belongs to a step" },
    { STEP "- ```lab\n  malloc a 1\n  ```\n", "line 7: A lab, expect or predict block must not" },
    { STEP "> text\n>\n> ```expect\n> ok\n> ```\n", "line 9: A lab, expect or predict block" },
    { STEP "```expect\nok\n```\n", "line 5: The step “Step” expects something, but has no lab" },
    { STEP "```lab\nx\n```\n\n```expect\n\n\nVmSise +0\n```\n",
      "line 14: “VmSise” is nothing that" },
    { STEP "```lab\nx\n```\n```expect\nVmSize 5\n```\n",
      "line 11: “VmSize 5” can't be understood" },
    { STEP "```lab\nx\n```\n```expect\nrequires luck\n```\n", "line 11: “luck” is nothing that a" },
    { STEP "```lab\nx\n```\n```predict\nVmSize\n```\n", "line 11: No line of the expect block" },
    { STEP "```lab\nx\033y\n```\n", "line 8: “x\\x1by” has characters in it" },
    { STEP "```lab\nx\xff\n```\n", "line 8: This is no text in UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      AtlasLesson *lesson =
          atlas_lesson_new_from_data ("/x/01-x.md", cases[i].text, strlen (cases[i].text), &error);

      g_assert_null (lesson);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_true (g_str_has_prefix (error->message, "01-x.md, line "));
      if (strstr (error->message, cases[i].message) == NULL)
        g_error ("“%s” instead of “%s”", error->message, cases[i].message);
    }
}

/* Too long, a NUL, and a command longer than the lab takes. */
static void
test_wrong_sizes (void)
{
  g_autofree char *blanks = g_strnfill (300 * 1024, ' ');
  g_autofree char *word = g_strnfill (4096, 'x');
  g_autofree char *command = g_strdup_printf (STEP "```lab\n%s\n```\n", word);
  g_autoptr (GError) error = NULL;

  g_assert_null (atlas_lesson_new_from_data ("x.md", blanks, strlen (blanks), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (atlas_lesson_new_from_data ("x.md", STEP "\0", sizeof STEP, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (atlas_lesson_new_from_data ("x.md", command, strlen (command), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "4095 bytes"));
}

static void
write_lesson (const char *folder, const char *file, const char *text)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_remove (path);
    }
  g_rmdir (folder);
}

/* One's own stands for the program's of the same name, and is found by it. */
static void
test_own_folder (void)
{
  g_autofree char *folder = atlas_lesson_dup_own_folder ();
  g_autoptr (GPtrArray) lessons = NULL;
  g_autoptr (AtlasLesson) loaded = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) problems = NULL;
  guint n_own = 0;

  g_mkdir_with_parents (folder, 0700);
  write_lesson (folder, "heap-and-brk.md", "# Mine\n\nSummary.\n\n## Step\n");
  write_lesson (folder, "zz.md", "# Last\n\nSummary.\n\n## Step\n");
  write_lesson (folder, "wrong.md", "Text\n");
  write_lesson (folder, "readme.txt", "Text\n");
  write_lesson (folder, ".hidden.md", "Text\n");
  lessons = atlas_lesson_list (&problems);
  g_assert_cmpuint (g_strv_length (problems), ==, 1);
  g_assert_nonnull (strstr (problems[0], "wrong.md, line 1: "));
  g_assert_cmpuint (lessons->len, ==, 13);
  for (guint i = 0; i < lessons->len; i++)
    n_own += g_str_has_prefix (atlas_lesson_get_path (g_ptr_array_index (lessons, i)), folder);
  g_assert_cmpuint (n_own, ==, 2);
  g_assert_cmpstr (atlas_lesson_get_title (g_ptr_array_index (lessons, 0)), ==, "Mine");
  g_assert_cmpstr (atlas_lesson_get_title (g_ptr_array_index (lessons, 12)), ==, "Last");
  loaded = atlas_lesson_load ("heap-and-brk", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (atlas_lesson_get_title (loaded), ==, "Mine");
  remove_folder (folder);
}

static void
test_shipped (void)
{
  g_auto (GStrv) problems = NULL;
  g_autoptr (GPtrArray) lessons = atlas_lesson_list (&problems);

  for (char **problem = problems; *problem != NULL; problem++)
    g_error ("%s", *problem);
  g_assert_cmpuint (lessons->len, ==, 12);
  for (guint i = 0; i < lessons->len; i++)
    {
      AtlasLesson *lesson = g_ptr_array_index (lessons, i);
      guint n_steps = atlas_lesson_get_n_steps (lesson);
      g_autoptr (AtlasLesson) loaded = atlas_lesson_load (atlas_lesson_get_name (lesson), NULL);

      g_assert_nonnull (loaded);
      g_assert_cmpstr (atlas_lesson_get_path (loaded), ==, atlas_lesson_get_path (lesson));
      g_assert_cmpuint (n_steps, >=, 4);
      g_assert_cmpuint (n_steps, <=, 8);
      for (guint j = 0; j < n_steps; j++)
        g_assert_nonnull (atlas_lesson_get_step (lesson, j)->commands[0]);
    }
}

static void
test_load (void)
{
  g_autofree char *folder = atlas_lesson_dup_folder ();
  g_autofree char *path = g_build_filename (folder, "08-fork.md", NULL);
  g_autoptr (AtlasLesson) by_file_name = atlas_lesson_load ("08-fork", NULL);
  g_autoptr (AtlasLesson) by_path = atlas_lesson_load (path, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (atlas_lesson_get_name (by_file_name), ==, "fork");
  g_assert_cmpstr (atlas_lesson_get_name (by_path), ==, "fork");
  g_assert_null (atlas_lesson_load ("no-such-lesson", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (atlas_lesson_load ("./no-such-lesson.md", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (atlas_lesson_load ("/dev/zero", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (atlas_lesson_load (folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/lesson/reader/whole", test_whole);
  g_test_add_func ("/lesson/reader/prose", test_prose);
  g_test_add_func ("/lesson/reader/hostile-prose", test_hostile_prose);
  g_test_add_func ("/lesson/reader/predict", test_predict);
  g_test_add_func ("/lesson/reader/requirements", test_requirements);
  g_test_add_func ("/lesson/reader/wrong", test_wrong);
  g_test_add_func ("/lesson/reader/wrong-sizes", test_wrong_sizes);
  g_test_add_func ("/lesson/folder/own", test_own_folder);
  g_test_add_func ("/lesson/folder/shipped", test_shipped);
  g_test_add_func ("/lesson/folder/load", test_load);
  return g_test_run ();
}
