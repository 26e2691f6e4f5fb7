/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a lesson's file is called, and what the lesson; for atlas-lesson.c. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* See atlas_lesson_load(). Clean UTF-8. */
char *atlas_lesson_make_name (const char *path);

G_END_DECLS
