/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The picture as SVG. Cairo would write text as outlines, which nobody can search, select or edit;
 * so the canvas hands its texts over instead of painting them, and they are put into the drawing
 * as <text> elements, on top of what cairo drew. */

#include "atlas-config.h"

#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-export-private.h"

/* XML 1.0 has no place for U+FFFE and U+FFFF, not even escaped; UTF-8 has. */
static void
append_escaped (GString *svg, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  for (const char *p = escaped; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (svg, c == 0xfffe || c == 0xffff ? 0xfffd : c);
    }
}

static void
append_number (GString *svg, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.2f", value);
  g_string_append_printf (svg, " %s=\"%s\"", name, text);
}

static guint
to_byte (double share)
{
  return (guint) (CLAMP (share, 0, 1) * 255 + 0.5);
}

static void
append_fill (GString *svg, const AtlasColor *color)
{
  g_string_append_printf (svg, " fill=\"#%02x%02x%02x\"", to_byte (color->red),
                          to_byte (color->green), to_byte (color->blue));
  if (color->alpha < 1)
    append_number (svg, "fill-opacity", color->alpha);
}

static void
append_font (GString *svg, AtlasTextStyle style, double size)
{
  g_string_append_printf (svg, " font-family=\"%s\"",
                          style == ATLAS_TEXT_MONO ? "monospace" : "sans-serif");
  if (style == ATLAS_TEXT_TITLE || style == ATLAS_TEXT_HEADING)
    g_string_append (svg, " font-weight=\"bold\"");
  append_number (svg, "font-size", size);
}

/* The width is pinned: whoever opens the picture may have other fonts, and columns of numbers must
 * still end where they do here. */
static void
append_text_cb (const char *text,
                AtlasTextStyle style,
                double size,
                const AtlasColor *color,
                double x,
                double baseline,
                double width,
                gpointer user_data)
{
  GString *svg = user_data;

  if (*text == '\0')
    return;
  g_string_append (svg, "<text xml:space=\"preserve\"");
  append_number (svg, "x", x);
  append_number (svg, "y", baseline);
  append_font (svg, style, size);
  append_fill (svg, color);
  if (width > 0)
    {
      append_number (svg, "textLength", width);
      g_string_append (svg, " lengthAdjust=\"spacingAndGlyphs\"");
    }
  g_string_append_c (svg, '>');
  append_escaped (svg, text);
  g_string_append (svg, "</text>\n");
}

static GString *
build_title (AtlasSnapshot *snapshot, const AtlasPictureOptions *options)
{
  g_autofree char *title = atlas_export_dup_title (snapshot, options);
  GString *element = g_string_new ("\n<title>");

  append_escaped (element, title);
  g_string_append (element, "</title>\n<desc>Memory Atlas " ATLAS_VERSION "</desc>");
  return element;
}

/* Finds where the root element's contents begin and end in what cairo wrote. */
static gboolean
find_contents (const GByteArray *drawing, gsize *begin, gsize *end)
{
  const char *text = (const char *) drawing->data;
  const char *root = g_strstr_len (text, drawing->len, "<svg");
  const char *open = root != NULL ? memchr (root, '>', drawing->len - (gsize) (root - text)) : NULL;
  const char *close = g_strrstr_len (text, drawing->len, "</svg>");

  if (open == NULL || close == NULL || close < open)
    return FALSE;
  *begin = (gsize) (open + 1 - text);
  *end = (gsize) (close - text);
  return TRUE;
}

static GBytes *
join (const GByteArray *drawing, const GString *title, const GString *texts, GError **error)
{
  const char *text = (const char *) drawing->data;
  GString *svg;
  gsize begin, end;

  if (!find_contents (drawing, &begin, &end))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _ ("The SVG picture could not be put together"));
      return NULL;
    }
  svg = g_string_sized_new (drawing->len + title->len + texts->len);
  g_string_append_len (svg, text, (gssize) begin);
  g_string_append_len (svg, title->str, (gssize) title->len);
  g_string_append_len (svg, text + begin, (gssize) (end - begin));
  g_string_append_len (svg, texts->str, (gssize) texts->len);
  g_string_append_len (svg, text + end, (gssize) (drawing->len - end));
  return g_string_free_to_bytes (svg);
}

GBytes *
atlas_export_svg (AtlasSnapshot *snapshot, const AtlasPictureOptions *options, GError **error)
{
  g_autoptr (GByteArray) drawing = g_byte_array_new ();
  g_autoptr (GString) title = build_title (snapshot, options);
  g_autoptr (GString) texts = g_string_new (NULL);
  g_autoptr (AtlasSurface) surface = cairo_svg_surface_create_for_stream (
      atlas_export_append_cb, drawing, options->width, options->height);

  cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  if (!atlas_export_paint (snapshot, options, surface, append_text_cb, texts, error))
    return NULL;
  return join (drawing, title, texts, error);
}
