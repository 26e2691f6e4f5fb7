/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What every fuzz target here has: libFuzzer's entry point. It aborts when what must always be true
 * of a parser is not. */

#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* The recorded file that inputs for this target look like ("maps"), or the folder of seeds that has
 * some. */
extern const char fuzz_file[];

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
