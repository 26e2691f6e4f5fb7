/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The files of a few processes, as the kernel would write them. */

#include "recorded.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* What the kernel writes as \012 in maps is a newline. */
#define PROGRAM_RAW "/opt/a b,\"c\" \xff\x1b[31m\n"
#define NAME_RAW                                                                                   \
  "we\x1bi\xff"                                                                                    \
  "d<&>\"'"

static void
write_file (const char *root, const char *pid, const char *name, const char *contents)
{
  g_autofree char *folder = g_build_filename (root, pid, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
}

/* 52 fields; those that nobody looks at are 0. */
static void
write_stat (const char *root, const char *pid, const char *name, char state, guint flags)
{
  g_autofree char *stat =
      g_strdup_printf ("%s (%s) %c 1 1 1 0 -1 %u 4711 0 42 0 1 2 0 0 20 0 3 0 5000 1 1 1 0 0 0 0 0 "
                       "0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
                       pid, name, state, flags);

  write_file (root, pid, "stat", stat);
}

static void
write_status (const char *root,
              const char *pid,
              const char *name,
              const char *state,
              guint uid,
              const char *rest)
{
  g_autofree char *status =
      g_strdup_printf ("Name:\t%s\nUmask:\t0022\nState:\t%s\nTgid:\t%s\nNgid:\t0\nPid:\t%s\n"
                       "PPid:\t1\nTracerPid:\t0\nUid:\t%u\t%u\t%u\t%u\nGid:\t0\t0\t0\t0\n"
                       "FDSize:\t64\nGroups:\t \n%s",
                       name, state, pid, pid, uid, uid, uid, uid, rest);

  write_file (root, pid, "status", status);
}

static void
write_limits (const char *root, const char *pid)
{
  write_file (root, pid, "limits",
              "Limit                     Soft Limit           Hard Limit           Units     \n"
              "Max data size             unlimited            unlimited            bytes     \n"
              "Max stack size            8388608              unlimited            bytes     \n"
              "Max locked memory         65536                18446744073709551614 bytes     \n"
              "Max address space         unlimited            unlimited            bytes     \n");
}

static void
write_program (const char *root)
{
  write_stat (root, RECORDED_PROGRAM, NAME_RAW, 'S', 0);
  write_status (root, RECORDED_PROGRAM, NAME_RAW, "S (sleeping)", 4000000,
                "VmPeak:\t    1500 kB\nVmSize:\t    1200 kB\nVmLck:\t       4 kB\n"
                "VmHWM:\t     900 kB\nVmRSS:\t     800 kB\nVmFuture:\t      77 kB\n"
                "VmSwap:\t      12 kB\nThreads:\t3\n");
  write_limits (root, RECORDED_PROGRAM);
  write_file (root, RECORDED_PROGRAM, "cmdline", "/opt/\x1b[31mweird");
  write_file (
      root, RECORDED_PROGRAM, "maps",
      "00400000-00402000 r-xp 00001000 fe:01 131 /opt/a b,\"c\" \xff\x1b[31m\\012\n"
      "01000000-01003000 rw-p 00000000 00:00 0 [heap]\n"
      "7f0000000000-7f0000001000 rw-s 00000000 00:05 18446744073709551615 /memfd:=1+1 (deleted)\n"
      "7ffe00000000-7ffe00002000 rw-p 00000000 00:00 0 [stack]\n");
}

static void
link_program (const char *root)
{
  g_autofree char *exe = g_build_filename (root, RECORDED_PROGRAM, "exe", NULL);

  g_assert_cmpint (symlink (PROGRAM_RAW, exe), ==, 0);
}

static void
write_others (const char *root)
{
  write_stat (root, RECORDED_ZOMBIE, "undead", 'Z', 0);
  write_status (root, RECORDED_ZOMBIE, "undead", "Z (zombie)", 0, "Threads:\t1\n");
  write_file (root, RECORDED_ZOMBIE, "maps", "");
  write_limits (root, RECORDED_ZOMBIE);

  write_stat (root, RECORDED_KERNEL_THREAD, "kthreadd", 'S', 0x00200000);
  write_status (root, RECORDED_KERNEL_THREAD, "kthreadd", "S (sleeping)", 0,
                "Kthread:\t1\nThreads:\t1\n");
  write_file (root, RECORDED_KERNEL_THREAD, "maps", "");
  write_limits (root, RECORDED_KERNEL_THREAD);
}

void
recorded_write (const char *root)
{
  write_file (root, "", "stat", "cpu  0 0 0 0\nbtime 1700000000\n");
  write_file (root, "", "meminfo", "MemTotal:  1000 kB\nMemAvailable:  500 kB\n");
  write_file (root, "sys/kernel", "osrelease", "6.1.0-recorded\n");
  write_program (root);
  link_program (root);
  write_others (root);
}

void
recorded_write_unparsable (const char *root)
{
  write_stat (root, RECORDED_UNPARSABLE, "odd", 'S', 0);
  write_file (root, RECORDED_UNPARSABLE, "status", "no status at all\n");
}
