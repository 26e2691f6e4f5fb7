/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A kind's letter on its colour: what tells kinds apart where colour does not. */

#pragma once

#include "atlas-canvas.h"

G_BEGIN_DECLS

/* A square of @size with round corners. */
void atlas_badge_paint (AtlasCanvas *canvas, AtlasKind kind, double x, double y, double size);

G_END_DECLS
