/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Collects samples, and writes medians and spreads of them and of their ratios. The middle one of
 * an odd number of rounds is not moved by the one round in which the machine did something else. */

#include "bench-report.h"

#include <stdarg.h>
#include <string.h>

struct _BenchSeries
{
  char *name, *title;
  GArray *samples; /* of double, ms */
};

typedef struct
{
  BenchSeries *ours, *raw;
  double wanted;
} Ratio;

typedef struct
{
  char *name;
  guint64 value;
} Fact;

typedef struct
{
  char *name, *title, *unit;
  double value, wanted;
} Value;

typedef struct
{
  char *name;
  GArray *facts;     /* of Fact */
  GPtrArray *notes;  /* of char * */
  GPtrArray *series; /* of BenchSeries */
  GArray *ratios;    /* of Ratio */
  GArray *values;    /* of Value */
} Group;

struct _BenchReport
{
  GPtrArray *groups;
};

typedef struct
{
  double median, least, most;
} Spread;

static void
series_free (BenchSeries *series)
{
  g_free (series->name);
  g_free (series->title);
  g_array_unref (series->samples);
  g_free (series);
}

static void
fact_clear (Fact *fact)
{
  g_clear_pointer (&fact->name, g_free);
}

static void
value_clear (Value *value)
{
  g_clear_pointer (&value->name, g_free);
  g_clear_pointer (&value->title, g_free);
  g_clear_pointer (&value->unit, g_free);
}

static void
group_free (Group *group)
{
  g_free (group->name);
  g_array_unref (group->facts);
  g_ptr_array_unref (group->notes);
  g_ptr_array_unref (group->series);
  g_array_unref (group->ratios);
  g_array_unref (group->values);
  g_free (group);
}

static Group *
current_group (BenchReport *self)
{
  g_assert (self->groups->len > 0);
  return g_ptr_array_index (self->groups, self->groups->len - 1);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;
  return (first > second) - (first < second);
}

static Spread
spread_of (const GArray *samples)
{
  if (samples->len == 0)
    return (Spread){ 0 };

  g_autoptr (GArray) sorted = g_array_copy ((GArray *) samples);
  g_array_sort (sorted, compare_doubles);
  const double *values = (const double *) (gpointer) sorted->data;
  guint middle = sorted->len / 2;
  double median = sorted->len % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return (Spread){ median, values[0], values[sorted->len - 1] };
}

/* Round against round, so that a slow moment of the machine is in both. */
static Spread
spread_of_ratio (const Ratio *ratio)
{
  g_autoptr (GArray) quotients = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < MIN (ratio->ours->samples->len, ratio->raw->samples->len); i++)
    {
      double raw = g_array_index (ratio->raw->samples, double, i);
      double quotient = raw > 0 ? g_array_index (ratio->ours->samples, double, i) / raw : 0;
      g_array_append_val (quotients, quotient);
    }
  return spread_of (quotients);
}

static gboolean
is_met (const Ratio *ratio)
{
  return spread_of_ratio (ratio).median <= ratio->wanted;
}

/* --- for people --- */

static gsize
widest_title (const Group *group)
{
  gsize width = 0;

  for (guint i = 0; i < group->series->len; i++)
    width = MAX (width, strlen (((BenchSeries *) g_ptr_array_index (group->series, i))->title));
  for (guint i = 0; i < group->values->len; i++)
    width = MAX (width, strlen (g_array_index (group->values, Value, i).title));
  for (guint i = 0; i < group->ratios->len; i++)
    {
      const Ratio *ratio = &g_array_index (group->ratios, Ratio, i);
      width = MAX (width, strlen (ratio->ours->title));
      width = MAX (width, strlen (ratio->raw->title) + strlen ("  to "));
    }
  return width;
}

static void
write_times (const Group *group, int width, GString *text)
{
  g_string_append_printf (text, "  %-*s %10s %10s %10s\n", width, "milliseconds", "median", "least",
                          "most");
  for (guint i = 0; i < group->series->len; i++)
    {
      const BenchSeries *series = g_ptr_array_index (group->series, i);
      Spread spread = spread_of (series->samples);
      g_string_append_printf (text, "  %-*s %10.3f %10.3f %10.3f\n", width, series->title,
                              spread.median, spread.least, spread.most);
    }
}

static void
write_ratios (const Group *group, int width, GString *text)
{
  if (group->ratios->len > 0)
    g_string_append_printf (text, "  %-*s %10s %10s %10s\n", width, "ratios", "median", "least",
                            "most");
  for (guint i = 0; i < group->ratios->len; i++)
    {
      const Ratio *ratio = &g_array_index (group->ratios, Ratio, i);
      Spread spread = spread_of_ratio (ratio);
      g_string_append_printf (text, "  %s\n    to %-*s %10.3f %10.3f %10.3f", ratio->ours->title,
                              width - 5, ratio->raw->title, spread.median, spread.least,
                              spread.most);
      if (ratio->wanted > 0)
        g_string_append_printf (text, "   wanted: at most %g, %s", ratio->wanted,
                                is_met (ratio) ? "met" : "MISSED");
      g_string_append_c (text, '\n');
    }
}

static void
write_values (const Group *group, int width, GString *text)
{
  for (guint i = 0; i < group->values->len; i++)
    {
      const Value *value = &g_array_index (group->values, Value, i);

      g_string_append_printf (text, "  %-*s %10.3f %s", width, value->title, value->value,
                              value->unit);
      if (value->wanted > 0)
        g_string_append_printf (text, "   wanted: at most %g, %s", value->wanted,
                                value->value <= value->wanted ? "met" : "MISSED");
      g_string_append_c (text, '\n');
    }
}

static void
write_group (const Group *group, GString *text)
{
  int width = (int) widest_title (group);

  g_string_append_printf (text, "%s:", group->name);
  for (guint i = 0; i < group->facts->len; i++)
    {
      const Fact *fact = &g_array_index (group->facts, Fact, i);
      g_string_append_printf (text, "%s %" G_GUINT64_FORMAT " %s", i > 0 ? "," : "", fact->value,
                              fact->name);
    }
  g_string_append (text, "\n\n");
  if (group->series->len > 0)
    write_times (group, width, text);
  g_string_append_c (text, '\n');
  write_ratios (group, width, text);
  write_values (group, width, text);
  for (guint i = 0; i < group->notes->len; i++)
    g_string_append_printf (text, "  Note: %s\n", (char *) g_ptr_array_index (group->notes, i));
  g_string_append_c (text, '\n');
}

/* --- for machines --- */

static void
append_json_string (GString *json, const char *text)
{
  g_string_append_c (json, '"');
  for (; *text != '\0'; text++)
    if (*text == '"' || *text == '\\')
      g_string_append_printf (json, "\\%c", *text);
    else if ((guchar) *text < 0x20)
      g_string_append_printf (json, "\\u%04x", (guint) *text);
    else
      g_string_append_c (json, *text);
  g_string_append_c (json, '"');
}

/* The separators of a locale would be no JSON. */
static void
append_json_number (GString *json, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (json, g_ascii_formatd (buffer, sizeof buffer, "%.6g", number));
}

static void
append_json_spread (GString *json, Spread spread)
{
  g_string_append (json, "\"median\": ");
  append_json_number (json, spread.median);
  g_string_append (json, ", \"least\": ");
  append_json_number (json, spread.least);
  g_string_append (json, ", \"most\": ");
  append_json_number (json, spread.most);
}

static void
append_json_series (GString *json, const BenchSeries *series)
{
  g_string_append (json, "{\"name\": ");
  append_json_string (json, series->name);
  g_string_append (json, ", \"title\": ");
  append_json_string (json, series->title);
  g_string_append (json, ", \"unit\": \"ms\", ");
  append_json_spread (json, spread_of (series->samples));
  g_string_append (json, ", \"samples\": [");
  for (guint i = 0; i < series->samples->len; i++)
    {
      g_string_append (json, i > 0 ? ", " : "");
      append_json_number (json, g_array_index (series->samples, double, i));
    }
  g_string_append (json, "]}");
}

static void
append_json_ratio (GString *json, const Ratio *ratio)
{
  g_string_append (json, "{\"ours\": ");
  append_json_string (json, ratio->ours->name);
  g_string_append (json, ", \"raw\": ");
  append_json_string (json, ratio->raw->name);
  g_string_append (json, ", ");
  append_json_spread (json, spread_of_ratio (ratio));
  if (ratio->wanted > 0)
    {
      g_string_append (json, ", \"wanted\": ");
      append_json_number (json, ratio->wanted);
      g_string_append_printf (json, ", \"met\": %s", is_met (ratio) ? "true" : "false");
    }
  g_string_append_c (json, '}');
}

static void
append_json_value (GString *json, const Value *value)
{
  g_string_append (json, "{\"name\": ");
  append_json_string (json, value->name);
  g_string_append (json, ", \"title\": ");
  append_json_string (json, value->title);
  g_string_append (json, ", \"unit\": ");
  append_json_string (json, value->unit);
  g_string_append (json, ", \"value\": ");
  append_json_number (json, value->value);
  if (value->wanted > 0)
    {
      g_string_append (json, ", \"wanted\": ");
      append_json_number (json, value->wanted);
      g_string_append_printf (json, ", \"met\": %s",
                              value->value <= value->wanted ? "true" : "false");
    }
  g_string_append_c (json, '}');
}

static void
append_json_facts (GString *json, const Group *group)
{
  g_string_append (json, ", \"facts\": {");
  for (guint i = 0; i < group->facts->len; i++)
    {
      const Fact *fact = &g_array_index (group->facts, Fact, i);
      g_string_append (json, i > 0 ? ", " : "");
      append_json_string (json, fact->name);
      g_string_append_printf (json, ": %" G_GUINT64_FORMAT, fact->value);
    }
  g_string_append (json, "}, \"notes\": [");
  for (guint i = 0; i < group->notes->len; i++)
    {
      g_string_append (json, i > 0 ? ", " : "");
      append_json_string (json, g_ptr_array_index (group->notes, i));
    }
  g_string_append_c (json, ']');
}

static void
append_json_group (GString *json, const Group *group)
{
  g_string_append (json, "    {\"name\": ");
  append_json_string (json, group->name);
  append_json_facts (json, group);
  g_string_append (json, ",\n     \"times\": [");
  for (guint i = 0; i < group->series->len; i++)
    {
      g_string_append (json, i > 0 ? ",\n       " : "\n       ");
      append_json_series (json, g_ptr_array_index (group->series, i));
    }
  g_string_append (json, "],\n     \"ratios\": [");
  for (guint i = 0; i < group->ratios->len; i++)
    {
      g_string_append (json, i > 0 ? ",\n       " : "\n       ");
      append_json_ratio (json, &g_array_index (group->ratios, Ratio, i));
    }
  g_string_append (json, "],\n     \"values\": [");
  for (guint i = 0; i < group->values->len; i++)
    {
      g_string_append (json, i > 0 ? ",\n       " : "\n       ");
      append_json_value (json, &g_array_index (group->values, Value, i));
    }
  g_string_append (json, "]}");
}

/* --- public --- */

BenchReport *
bench_report_new (void)
{
  BenchReport *self = g_new0 (BenchReport, 1);
  self->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) group_free);
  return self;
}

void
bench_report_free (BenchReport *self)
{
  g_ptr_array_unref (self->groups);
  g_free (self);
}

void
bench_report_begin (BenchReport *self, const char *name)
{
  Group *group = g_new0 (Group, 1);

  group->name = g_strdup (name);
  group->facts = g_array_new (FALSE, FALSE, sizeof (Fact));
  g_array_set_clear_func (group->facts, (GDestroyNotify) fact_clear);
  group->notes = g_ptr_array_new_with_free_func (g_free);
  group->series = g_ptr_array_new_with_free_func ((GDestroyNotify) series_free);
  group->ratios = g_array_new (FALSE, FALSE, sizeof (Ratio));
  group->values = g_array_new (FALSE, FALSE, sizeof (Value));
  g_array_set_clear_func (group->values, (GDestroyNotify) value_clear);
  g_ptr_array_add (self->groups, group);
}

void
bench_report_fact (BenchReport *self, const char *name, guint64 value)
{
  Fact fact = { g_strdup (name), value };
  g_array_append_val (current_group (self)->facts, fact);
}

void
bench_report_value (BenchReport *self,
                    const char *name,
                    const char *title,
                    const char *unit,
                    double number,
                    double wanted)
{
  Value value = { g_strdup (name), g_strdup (title), g_strdup (unit), number, wanted };

  g_array_append_val (current_group (self)->values, value);
}

void
bench_report_note (BenchReport *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (current_group (self)->notes, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

BenchSeries *
bench_report_series (BenchReport *self, const char *name, const char *title)
{
  BenchSeries *series = g_new0 (BenchSeries, 1);

  series->name = g_strdup (name);
  series->title = g_strdup (title);
  series->samples = g_array_new (FALSE, FALSE, sizeof (double));
  g_ptr_array_add (current_group (self)->series, series);
  return series;
}

void
bench_report_ratio (BenchReport *self, BenchSeries *ours, BenchSeries *raw, double wanted)
{
  Ratio ratio = { ours, raw, wanted };
  g_array_append_val (current_group (self)->ratios, ratio);
}

void
bench_series_measure (BenchSeries *series, BenchWork work, gpointer data)
{
  gint64 begun = g_get_monotonic_time ();
  work (data);
  bench_series_add (series, (double) (g_get_monotonic_time () - begun) / 1000);
}

void
bench_series_add (BenchSeries *series, double ms)
{
  g_array_append_val (series->samples, ms);
}

char *
bench_report_to_text (BenchReport *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->groups->len; i++)
    write_group (g_ptr_array_index (self->groups, i), text);
  return g_string_free (text, FALSE);
}

char *
bench_report_to_json (BenchReport *self)
{
  GString *json = g_string_new ("{\"format\": 1,\n  \"benchmarks\": [\n");

  for (guint i = 0; i < self->groups->len; i++)
    {
      g_string_append (json, i > 0 ? ",\n" : "");
      append_json_group (json, g_ptr_array_index (self->groups, i));
    }
  g_string_append (json, "\n  ]\n}\n");
  return g_string_free (json, FALSE);
}
