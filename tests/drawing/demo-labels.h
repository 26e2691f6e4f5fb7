/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names for the demos, from a file: a line for each, "START END SHORT NAME...", addresses in hex.
 */

#pragma once

#include "atlas-labels.h"

/* NULL, and a complaint, when it cannot be read. */
AtlasLabels *demo_labels_read (const char *path);
