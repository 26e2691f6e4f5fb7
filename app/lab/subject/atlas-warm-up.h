/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Having the program's own pages in memory before the first command, so that the faults it is said
 * to have taken are its own. A child does not inherit those of files, and does it again. */

#pragma once

void atlas_warm_up (void);
