/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-cli export: each kind of file is what its ending says and holds what it should, and
 * failure leaves nothing behind. */

#include <cairo.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "recorded.h"
#include "runner.h"
#include "subject.h"

#define HOSTILE_NAME "\x1b[31m\xff<&>"
#define HOSTILE_CLEAN "\\x1b[31m\\xff<&>"
#define TITLE "A <b>heap</b> & \"its\" pages"

/* A stopped subject, and a folder to export into. The files that it maps are mapped here as well:
 * whether their pages are shared must not depend on who else happens to run. */
typedef struct
{
  char *folder;
  Subject subject;
  GArray *files; /* of GMappedFile * */
} Scene;

/* Has each of its pages mapped by this process. */
static void
hold_file (Scene *scene, const char *path)
{
  GMappedFile *file = g_mapped_file_new (path, FALSE, NULL);
  volatile const char *contents;

  if (file == NULL)
    return;
  contents = g_mapped_file_get_contents (file);
  for (gsize i = 0; i < g_mapped_file_get_length (file); i += 4096)
    (void) contents[i];
  g_array_append_val (scene->files, file);
}

static Scene
scene_new (void)
{
  Scene scene = { make_folder (), subject_start (HOSTILE_NAME, NULL),
                  g_array_new (FALSE, FALSE, sizeof (GMappedFile *)) };
  g_autofree char *maps = subject_read (&scene.subject, "maps");
  g_auto (GStrv) lines = g_strsplit (maps, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    if (strstr (*line, " 00000000 ") != NULL && strchr (*line, '/') != NULL)
      hold_file (&scene, strchr (*line, '/'));
  return scene;
}

static void
scene_clear (Scene *scene)
{
  for (guint i = 0; i < scene->files->len; i++)
    g_mapped_file_unref (g_array_index (scene->files, GMappedFile *, i));
  g_array_unref (scene->files);
  remove_and_free (&scene->folder);
  subject_end (&scene->subject);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)

/* The contents of the file, made with the options @first and @second (nullable). */
static GBytes *
export_file (Scene *scene, const char *name, const char *first, const char *second)
{
  g_autofree char *path = g_build_filename (scene->folder, name, NULL);
  g_auto (Outcome) outcome =
      run_cli ("export", scene->subject.pid_text, "-o", path, first, second, NULL);
  char *contents;
  gsize length;

  assert_succeeds (&outcome);
  g_assert_cmpstr (outcome.out, ==, "");
  g_assert_cmpuint (count_files (scene->folder), ==, 1);
  contents = read_file (scene->folder, name, &length);
  g_assert_cmpint (g_unlink (path), ==, 0);
  return g_bytes_new_take (contents, length);
}

static const char *
text_of (GBytes *bytes)
{
  return g_bytes_get_data (bytes, NULL);
}

typedef struct
{
  const guchar *data;
  gsize left;
} PngReader;

static cairo_status_t
read_png_cb (void *closure, unsigned char *into, unsigned length)
{
  PngReader *reader = closure;

  if (length > reader->left)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (into, reader->data, length);
  reader->data += length;
  reader->left -= length;
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
load_png (GBytes *bytes)
{
  PngReader reader = { g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes) };
  cairo_surface_t *surface = cairo_image_surface_create_from_png_stream (read_png_cb, &reader);

  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  return surface;
}

static guint
count_colors (cairo_surface_t *surface)
{
  g_autoptr (GHashTable) colors = g_hash_table_new (NULL, NULL);
  const guchar *data = cairo_image_surface_get_data (surface);

  for (int y = 0; y < cairo_image_surface_get_height (surface); y++)
    for (int x = 0; x < cairo_image_surface_get_width (surface); x++)
      {
        gsize at = (gsize) y * (gsize) cairo_image_surface_get_stride (surface) + 4 * (gsize) x;
        guint32 pixel;

        memcpy (&pixel, data + at, sizeof pixel);
        g_hash_table_add (colors, GUINT_TO_POINTER (pixel));
      }
  return g_hash_table_size (colors);
}

static void
check_png (Scene *scene, const char *first, const char *second, int width, int height)
{
  g_autoptr (GBytes) png = export_file (scene, "map.png", first, second);
  cairo_surface_t *surface = load_png (png);

  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, width);
  g_assert_cmpint (cairo_image_surface_get_height (surface), ==, height);
  g_assert_cmpuint (count_colors (surface), >, 20);
  cairo_surface_destroy (surface);
}

static void
test_png (void)
{
  g_auto (Scene) scene = scene_new ();

  check_png (&scene, NULL, NULL, 1600, 1000);
  check_png (&scene, "--width=801", "--height=603", 801, 603);
  check_png (&scene, "--width=320", "--height=320", 320, 320);
}

/* An SVG without its texts, for those say the time. */
static char *
export_drawing (Scene *scene, const char *choice)
{
  g_autoptr (GBytes) svg = export_file (scene, "map.svg", choice, NULL);
  g_autofree char *text = g_strndup (text_of (svg), g_bytes_get_size (svg));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *drawing = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (!g_str_has_prefix (lines[i], "<text"))
      g_string_append_printf (drawing, "%s\n", lines[i]);
  return g_string_free (drawing, FALSE);
}

/* Whether two pictures made with and without @choice are the same. Pages of libraries come and go
 * with other processes, so it may take a few. */
static gboolean
is_default (Scene *scene, const char *choice)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *usual = export_drawing (scene, NULL);
      g_autofree char *chosen = export_drawing (scene, choice);

      if (g_str_equal (usual, chosen))
        return TRUE;
    }
  return FALSE;
}

/* Each is another picture, and the default the light one in colour. */
static void
test_choices (void)
{
  static const char *const choices[] = { "--palette=color", "--dark", "--palette=contrast",
                                         "--palette=grey" };
  g_auto (Scene) scene = scene_new ();
  g_autoptr (GPtrArray) drawings = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      char *drawing = export_drawing (&scene, choices[i]);

      for (guint k = 0; k < i; k++)
        g_assert_cmpstr (drawing, !=, g_ptr_array_index (drawings, k));
      g_ptr_array_add (drawings, drawing);
    }
  g_assert_true (is_default (&scene, choices[0]));
}

static double
get_lightness_of_corner (Scene *scene, const char *choice)
{
  g_autoptr (GBytes) png = export_file (scene, "map.png", choice, NULL);
  cairo_surface_t *surface = load_png (png);
  const guchar *pixel = cairo_image_surface_get_data (surface);
  double lightness = (pixel[0] + pixel[1] + pixel[2]) / (3 * 255.0);

  cairo_surface_destroy (surface);
  return lightness;
}

static void
test_dark (void)
{
  g_auto (Scene) scene = scene_new ();

  g_assert_cmpfloat (get_lightness_of_corner (&scene, NULL), >, 0.9);
  g_assert_cmpfloat (get_lightness_of_corner (&scene, "--dark"), <, 0.3);
}

static void
test_ending_in_capitals (void)
{
  g_auto (Scene) scene = scene_new ();
  g_autoptr (GBytes) png = export_file (&scene, "MAP.PNG", NULL, NULL);

  g_assert_cmpmem (g_bytes_get_data (png, NULL), 8, "\x89PNG\r\n\x1a\n", 8);
}

/* What is in an SVG. */
typedef struct
{
  GString *path;  /* of open elements */
  GString *texts; /* of <text>, a line each */
  GString *title; /* of svg/title */
  char *width, *height;
} Svg;

static void
start_element_cb (GMarkupParseContext *context,
                  const char *element,
                  const char **names,
                  const char **values,
                  gpointer user_data,
                  GError **error)
{
  Svg *svg = user_data;

  g_string_append_printf (svg->path, "/%s", element);
  for (guint i = 0; g_str_equal (svg->path->str, "/svg") && names[i] != NULL; i++)
    if (g_str_equal (names[i], "width"))
      svg->width = g_strdup (values[i]);
    else if (g_str_equal (names[i], "height"))
      svg->height = g_strdup (values[i]);
}

static void
end_element_cb (GMarkupParseContext *context,
                const char *element,
                gpointer user_data,
                GError **error)
{
  Svg *svg = user_data;

  if (g_str_has_suffix (svg->path->str, "/text"))
    g_string_append_c (svg->texts, '\n');
  g_string_truncate (svg->path, (gsize) (strrchr (svg->path->str, '/') - svg->path->str));
}

static void
text_cb (GMarkupParseContext *context,
         const char *text,
         gsize length,
         gpointer user_data,
         GError **error)
{
  Svg *svg = user_data;

  if (g_str_has_suffix (svg->path->str, "/text"))
    g_string_append_len (svg->texts, text, (gssize) length);
  if (g_str_equal (svg->path->str, "/svg/title"))
    g_string_append_len (svg->title, text, (gssize) length);
}

static Svg
parse_svg (GBytes *bytes)
{
  static const GMarkupParser parser = { start_element_cb, end_element_cb, text_cb, NULL, NULL };
  Svg svg = { g_string_new (NULL), g_string_new ("\n"), g_string_new (NULL), NULL, NULL };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &svg, NULL);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  assert_is_safe (text, length);
  g_markup_parse_context_parse (context, text, (gssize) length, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
  return svg;
}

static void
svg_clear (Svg *svg)
{
  g_string_free (svg->path, TRUE);
  g_string_free (svg->texts, TRUE);
  g_string_free (svg->title, TRUE);
  g_free (svg->width);
  g_free (svg->height);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Svg, svg_clear)

static void
test_svg (void)
{
  g_auto (Scene) scene = scene_new ();
  g_autoptr (GBytes) bytes = export_file (&scene, "map.svg", "--title=" TITLE, "--width=1200");
  g_auto (Svg) svg = parse_svg (bytes);

  g_assert_cmpstr (svg.title->str, ==, TITLE);
  g_assert_cmpstr (svg.width, ==, "1200px");
  g_assert_cmpstr (svg.height, ==, "1000px");
  g_assert_nonnull (strstr (svg.texts->str, "\n" TITLE "\n"));
  g_assert_nonnull (strstr (svg.texts->str, HOSTILE_CLEAN));
  g_assert_nonnull (strstr (svg.texts->str, scene.subject.pid_text));
  g_assert_nonnull (strstr (svg.texts->str, "VmRSS"));
  g_assert_nonnull (strstr (svg.texts->str, "[stack]"));
  /* No text as outlines. */
  g_assert_null (strstr (text_of (bytes), "<symbol"));
  g_assert_null (strstr (text_of (bytes), "glyph"));
}

static void
test_svg_default_title (void)
{
  g_auto (Scene) scene = scene_new ();
  g_autoptr (GBytes) bytes = export_file (&scene, "map.svg", NULL, NULL);
  g_auto (Svg) svg = parse_svg (bytes);
  g_autofree char *title = g_strdup_printf (HOSTILE_CLEAN " — %d", scene.subject.pid);

  g_assert_cmpstr (svg.title->str, ==, title);
}

/* U+FFFF and U+FFFE are characters that UTF-8 has and XML has not; \xff is none at all. */
static void
test_svg_impossible_title (void)
{
  g_auto (Scene) scene = scene_new ();
  g_autoptr (GBytes) bytes = export_file (&scene, "map.svg",
                                          "--title=a\xef\xbf\xbf"
                                          "b\xef\xbf\xbe"
                                          "c\xff\x1b",
                                          NULL);
  g_auto (Svg) svg = parse_svg (bytes);
  g_autofree char *xmllint = g_find_program_in_path ("xmllint");
  g_autofree char *path = g_build_filename (scene.folder, "again.svg", NULL);
  const char *argv[] = { xmllint, "--noout", path, NULL };

  g_assert_cmpstr (svg.title->str, ==,
                   "a\xef\xbf\xbd"
                   "b\xef\xbf\xbd"
                   "c\\xff\\x1b");
  if (xmllint == NULL)
    {
      g_test_skip ("there is no xmllint, which is stricter");
      return;
    }
  g_assert_true (
      g_file_set_contents (path, text_of (bytes), (gssize) g_bytes_get_size (bytes), NULL));
  {
    g_auto (Outcome) outcome = run_program (argv);

    assert_succeeds (&outcome);
  }
}

static void
test_pdf (void)
{
  g_auto (Scene) scene = scene_new ();
  g_autoptr (GBytes) pdf = export_file (&scene, "map.pdf", NULL, NULL);

  g_assert_true (g_str_has_prefix (text_of (pdf), "%PDF-1."));
  g_assert_nonnull (memmem (text_of (pdf), g_bytes_get_size (pdf), "%%EOF", strlen ("%%EOF")));
}

static Outcome
ask_poppler (Scene *scene, const char *program, const char *last)
{
  g_autoptr (GBytes) pdf = export_file (scene, "map.pdf", "--title=Pages & <more>", "--width=1200");
  g_autofree char *path = g_build_filename (scene->folder, "again.pdf", NULL);
  const char *argv[] = { program, path, last, NULL };
  Outcome outcome;

  g_assert_true (g_file_set_contents (path, text_of (pdf), (gssize) g_bytes_get_size (pdf), NULL));
  outcome = run_program (argv);
  g_assert_cmpint (g_unlink (path), ==, 0);
  return outcome;
}

static void
test_pdf_text (void)
{
  g_auto (Scene) scene = { 0 };
  g_auto (Outcome) text = { 0 }, about = { 0 };
  g_autofree char *pdftotext = g_find_program_in_path ("pdftotext");
  g_autofree char *pdfinfo = g_find_program_in_path ("pdfinfo");

  if (pdftotext == NULL || pdfinfo == NULL)
    {
      g_test_skip ("there is no pdftotext or pdfinfo");
      return;
    }
  scene = scene_new ();
  text = ask_poppler (&scene, pdftotext, "-");
  g_assert_nonnull (strstr (text.out, "Pages & <more>"));
  g_assert_nonnull (strstr (text.out, "VmRSS"));
  g_assert_nonnull (strstr (text.out, "[stack]"));
  about = ask_poppler (&scene, pdfinfo, NULL);
  g_assert_nonnull (strstr (about.out, "Pages & <more>"));
  g_assert_nonnull (strstr (about.out, "Memory Atlas"));
  g_assert_nonnull (strstr (about.out, "1200 x 1000 pts"));
}

/* One field of a row, unquoted; @at is moved behind it and its separator. */
static char *
take_field (const char **at)
{
  GString *field = g_string_new (NULL);
  gboolean quoted = **at == '"';
  const char *p = *at + (quoted ? 1 : 0);

  for (; quoted || (*p != ',' && *p != '\r'); p++)
    {
      if (quoted && p[0] == '"' && p[1] != '"')
        break;
      if (quoted && p[0] == '"')
        p++;
      g_assert_cmpint (*p, !=, '\0');
      g_string_append_c (field, *p);
    }
  p += quoted ? 1 : 0;
  g_assert_true (*p == ',' || (p[0] == '\r' && p[1] == '\n'));
  *at = p + (*p == ',' ? 1 : 2);
  return g_string_free (field, FALSE);
}

#define N_FIELDS 17

static const char *const fields[N_FIELDS] = { "start",    "end",      "permissions", "offset",
                                              "device",   "inode",    "name",        "kind",
                                              "pages",    "resident", "swapped",     "zero",
                                              "huge",     "file",     "shared",      "unknown",
                                              "pages_age" };

static void
assert_field (JsonObject *region, const char *name, const char *text)
{
  JsonNode *node = json_object_get_member (region, name);

  if (JSON_NODE_HOLDS_NULL (node))
    g_assert_cmpstr (text, ==, "");
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    g_assert_cmpstr (text, ==, json_node_get_string (node));
  else
    g_assert_cmpuint (g_ascii_strtoull (text, NULL, 10), ==, (guint64) json_node_get_int (node));
}

static void
compare_csv (const char *csv, JsonArray *regions)
{
  for (guint i = 0; i < N_FIELDS; i++)
    {
      g_autofree char *field = take_field (&csv);

      g_assert_cmpstr (field, ==, fields[i]);
    }
  for (guint row = 0; row < json_array_get_length (regions); row++)
    for (guint i = 0; i < N_FIELDS; i++)
      {
        g_autofree char *field = take_field (&csv);

        assert_field (json_array_get_object_element (regions, row), fields[i], field);
      }
  g_assert_cmpstr (csv, ==, "");
}

static JsonArray *
get_regions (JsonNode *node)
{
  return json_object_get_array_member (json_node_get_object (node), "regions");
}

/* Made by another writer, of a process that stood still in between: the same. */
static void
test_csv (void)
{
  g_auto (Scene) scene = scene_new ();
  g_autoptr (GBytes) csv = export_file (&scene, "map.csv", NULL, NULL);
  g_autofree char *text = g_strndup (text_of (csv), g_bytes_get_size (csv));
  g_auto (Outcome) shown = run_cli ("show", scene.subject.pid_text, "--json", NULL);
  g_autoptr (JsonNode) node = json_from_string (shown.out, NULL);

  g_assert_cmpuint (json_array_get_length (get_regions (node)), >, 10);
  compare_csv (text, get_regions (node));
}

/* Quotes, commas, what might be a formula, 64 bits. */
static void
test_csv_recorded (void)
{
  auto_folder root = make_folder ();
  auto_folder folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "map.csv", NULL);
  g_autofree char *csv = NULL;
  g_auto (Outcome) outcome = { 0 };

  recorded_write (root);
  outcome = run_cli ("export", RECORDED_PROGRAM, "-o", path, "--proc", root, NULL);
  g_assert_cmpint (outcome.status, ==, 0);
  /* That pages are unknown is said. */
  g_assert_nonnull (strstr (outcome.err, "pagemap"));
  csv = read_file (folder, "map.csv", NULL);
  g_assert_cmpstr (
      csv, ==,
      "start,end,permissions,offset,device,inode,name,kind,pages,resident,swapped,"
      "zero,huge,file,shared,unknown,pages_age\r\n"
      "0x400000,0x402000,r-xp,4096,fe:01,131,"
      "\"/opt/a b,\"\"c\"\" \\xff\\x1b[31m\\012\",program,2,0,0,,,,,2,\r\n"
      "0x1000000,0x1003000,rw-p,0,00:00,0,\"[heap]\",heap,3,0,0,,,,,3,\r\n"
      "0x7f0000000000,0x7f0000001000,rw-s,0,00:05,18446744073709551615,"
      "\"/memfd:=1+1 (deleted)\",shared,1,0,0,,,,,1,\r\n"
      "0x7ffe00000000,0x7ffe00002000,rw-p,0,00:00,0,\"[stack]\",stack,2,0,0,,,,,2,\r\n");
}

static void
blank_time (char *json)
{
  char *time = strstr (json, "\"time\": \"");

  g_assert_nonnull (time);
  memset (time, '-', strlen ("\"time\": \"2026-11-23T14:05:09.123456Z"));
}

static void
test_json (void)
{
  g_auto (Scene) scene = scene_new ();
  g_autoptr (GBytes) bytes = export_file (&scene, "map.json", NULL, NULL);
  g_autofree char *json = g_strndup (text_of (bytes), g_bytes_get_size (bytes));
  g_auto (Outcome) shown = run_cli ("show", scene.subject.pid_text, "--json", NULL);

  blank_time (json);
  blank_time (shown.out);
  g_assert_cmpstr (json, ==, shown.out);
}

static const char *const endings[] = { "png", "svg", "pdf", "csv", "json" };

/* @outcome failed; in @folder there is only the old file, as it was. */
static void
assert_old_file_only (const Outcome *outcome, const char *folder, const char *why)
{
  g_autofree char *old = read_file (folder, "old", NULL);

  assert_fails (outcome, 1, why);
  g_assert_cmpuint (count_files (folder), ==, 1);
  g_assert_cmpstr (old, ==, "old");
}

static void
write_old_file (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "old", NULL);

  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
}

static void
test_gone (void)
{
  auto_folder folder = make_folder ();

  write_old_file (folder);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (folder, "/map.", endings[i], NULL);
      g_auto (Outcome) outcome = run_cli ("export", "2147483647", "-o", path, NULL);

      assert_old_file_only (&outcome, folder, "2147483647");
    }
}

static void
test_denied (void)
{
  g_auto (Scene) scene = { 0 };

  if (!can_be_nobody ())
    return;
  scene = scene_new ();
  write_old_file (scene.folder);
  g_assert_cmpint (g_chmod (scene.folder, 0777), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (scene.folder, "/map.", endings[i], NULL);
      g_auto (Outcome) outcome =
          run_cli_as_nobody ("export", scene.subject.pid_text, "-o", path, NULL);

      assert_old_file_only (&outcome, scene.folder, "may not be read");
    }
}

/* A recorded process, which nobody may read, too; but the folder is not nobody's. */
static void
test_unwritable_folder (void)
{
  auto_folder root = make_folder ();
  auto_folder folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "map.csv", NULL);
  g_auto (Outcome) outcome = { 0 };

  if (!can_be_nobody ())
    return;
  recorded_write (root);
  write_old_file (folder);
  g_assert_cmpint (g_chmod (root, 0755), ==, 0);
  g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
  outcome = run_cli_as_nobody ("export", RECORDED_PROGRAM, "-o", path, "--proc", root, NULL);
  assert_old_file_only (&outcome, folder, "Permission denied");
}

/* The folder is open to all, and yet the file is not. */
static void
test_read_only_file (void)
{
  auto_folder root = make_folder ();
  auto_folder folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "old.csv", NULL);
  g_autofree char *old = NULL;
  g_auto (Outcome) outcome = { 0 };

  if (!can_be_nobody ())
    return;
  recorded_write (root);
  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  g_assert_cmpint (g_chmod (root, 0755), ==, 0);
  g_assert_cmpint (g_chmod (folder, 0777), ==, 0);
  outcome = run_cli_as_nobody ("export", RECORDED_PROGRAM, "-o", path, "--proc", root, NULL);
  assert_fails (&outcome, 1, "Permission denied");
  old = read_file (folder, "old.csv", NULL);
  g_assert_cmpstr (old, ==, "old");
  g_assert_cmpuint (count_files (folder), ==, 1);
}

static void
test_no_folder (void)
{
  g_auto (Scene) scene = scene_new ();
  g_autofree char *path = g_build_filename (scene.folder, "none", "map.png", NULL);
  g_auto (Outcome) outcome = run_cli ("export", scene.subject.pid_text, "-o", path, NULL);

  assert_fails (&outcome, 1, "none/map.png");
  g_assert_cmpuint (count_files (scene.folder), ==, 0);
}

/* Of each kind: what was there stays, nothing is left beside it. */
static void
test_full_disk (void)
{
  g_auto (Scene) scene = scene_new ();

  if (unshare (CLONE_NEWNS) != 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
      || mount ("atlas-test", scene.folder, "tmpfs", 0, "size=4k") != 0)
    {
      g_test_skip_printf ("a small disk cannot be mounted: %s", g_strerror (errno));
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = g_strconcat (scene.folder, "/map.", endings[i], NULL);
      g_autofree char *link = g_build_filename (scene.folder, "old", NULL);
      g_auto (Outcome) outcome = { 0 };

      g_unlink (link);
      write_old_file (scene.folder);
      outcome = run_cli ("export", scene.subject.pid_text, "-o", path, NULL);
      assert_old_file_only (&outcome, scene.folder, "No space left on device");
    }
  g_assert_cmpint (umount (scene.folder), ==, 0);
}

static void
test_too_many_pixels (void)
{
  g_auto (Scene) scene = scene_new ();
  g_autofree char *path = g_build_filename (scene.folder, "map.png", NULL);
  g_auto (Outcome) outcome = run_cli ("export", scene.subject.pid_text, "-o", path, "--width=32000",
                                      "--height=32000", NULL);

  assert_fails (&outcome, 1, "32000");
  g_assert_cmpuint (count_files (scene.folder), ==, 0);
}

/* There is nothing to draw; as data there still is. */
static void
test_without_memory (void)
{
  auto_folder root = make_folder ();
  auto_folder folder = make_folder ();
  static const char *const pids[] = { RECORDED_ZOMBIE, RECORDED_KERNEL_THREAD };

  recorded_write (root);
  for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
    for (guint k = 0; k < G_N_ELEMENTS (endings); k++)
      {
        g_autofree char *name = g_strconcat ("map.", endings[k], NULL);
        g_autofree char *path = g_build_filename (folder, name, NULL);
        g_auto (Outcome) outcome = run_cli ("export", pids[i], "-o", path, "--proc", root, NULL);

        if (k < 3)
          assert_fails (&outcome, 1, "memory");
        else
          assert_succeeds (&outcome);
        g_assert_cmpuint (count_files (folder), ==, k < 3 ? 0 : 1);
        g_unlink (path);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/export/png", test_png);
  g_test_add_func ("/cli/export/choices", test_choices);
  g_test_add_func ("/cli/export/dark", test_dark);
  g_test_add_func ("/cli/export/ending-in-capitals", test_ending_in_capitals);
  g_test_add_func ("/cli/export/svg", test_svg);
  g_test_add_func ("/cli/export/svg-default-title", test_svg_default_title);
  g_test_add_func ("/cli/export/svg-impossible-title", test_svg_impossible_title);
  g_test_add_func ("/cli/export/pdf", test_pdf);
  g_test_add_func ("/cli/export/pdf-text", test_pdf_text);
  g_test_add_func ("/cli/export/csv", test_csv);
  g_test_add_func ("/cli/export/csv-recorded", test_csv_recorded);
  g_test_add_func ("/cli/export/json", test_json);
  g_test_add_func ("/cli/export/gone", test_gone);
  g_test_add_func ("/cli/export/denied", test_denied);
  g_test_add_func ("/cli/export/unwritable-folder", test_unwritable_folder);
  g_test_add_func ("/cli/export/read-only-file", test_read_only_file);
  g_test_add_func ("/cli/export/no-folder", test_no_folder);
  g_test_add_func ("/cli/export/full-disk", test_full_disk);
  g_test_add_func ("/cli/export/too-many-pixels", test_too_many_pixels);
  g_test_add_func ("/cli/export/without-memory", test_without_memory);
  return g_test_run ();
}
