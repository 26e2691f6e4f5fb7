/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands behind a region. See mm/shmem.c, fs/hugetlbfs/inode.c and ipc/shm.c of the kernel
 * for the names it gives. */

#include "atlas-backing.h"

#include <string.h>

/* The smallest huge page of the machines this runs on; all others are multiples of it. */
#define LEAST_HUGE_PAGE (1u << 20)

/* The kernel numbers its internal mounts as they are made. That of shared memory is among the very
 * first (1, or 4 and 5 on older kernels), that of hugetlbfs comes when drivers are set up. */
#define LEAST_HUGETLB_MINOR 8

static gboolean
has_any_prefix (const char *name, const char *const *prefixes)
{
  for (; *prefixes != NULL; prefixes++)
    if (g_str_has_prefix (name, *prefixes))
      return TRUE;
  return FALSE;
}

static gboolean
is_zero_device (const AtlasRegion *region)
{
  return strcmp (region->name, "/dev/zero") == 0
         || strcmp (region->name, "/dev/zero (deleted)") == 0;
}

static gboolean
is_nameless_file (const char *name)
{
  static const char *const prefixes[] = { "/memfd:", "/SYSV", NULL };

  return has_any_prefix (name, prefixes);
}

gboolean
atlas_backing_is_shared_memory (const AtlasRegion *region)
{
  g_return_val_if_fail (region != NULL, FALSE);

  static const char *const prefixes[] = { "/dev/shm/", "[anon_shmem:", NULL };
  const char *name = region->name;
  gboolean shared = (region->permissions & ATLAS_PERM_SHARED) != 0;

  if (name[0] == '\0')
    return shared;
  return has_any_prefix (name, prefixes) || is_nameless_file (name)
         || (shared && is_zero_device (region));
}

gboolean
atlas_backing_is_hugetlb (const AtlasRegion *region)
{
  g_return_val_if_fail (region != NULL, FALSE);

  static const char *const places[] = { "/dev/hugepages", "/hugepages", "/mnt/huge",
                                        "/var/lib/hugetlbfs/", NULL };
  const char *name = region->name;

  if (name[0] != '/')
    return FALSE;
  if (g_str_has_prefix (name, "/anon_hugepage"))
    return TRUE;
  if (((region->start | region->end) & (LEAST_HUGE_PAGE - 1)) != 0)
    return FALSE;
  return has_any_prefix (name, places)
         || (is_nameless_file (name) && region->device_major == 0
             && region->device_minor >= LEAST_HUGETLB_MINOR);
}

gboolean
atlas_backing_is_gate (const AtlasRegion *region)
{
  g_return_val_if_fail (region != NULL, FALSE);

  return region->name[0] == '[' && strcmp (region->name, "[vsyscall]") == 0;
}

gboolean
atlas_backing_is_anonymous_file (const AtlasRegion *region)
{
  g_return_val_if_fail (region != NULL, FALSE);

  return is_zero_device (region) || g_str_has_prefix (region->name, "/anon_hugepage");
}

static gboolean
is_device_memory (const char *name)
{
  static const char *const prefixes[] = { "/dev/dri/",      "/dev/nvidia",     "/dev/kfd",
                                          "/dev/mem",       "/dev/vfio/",      "/dev/fb",
                                          "/dev/uio",       "/dev/infiniband", "/sys/",
                                          "/proc/bus/pci/", "[vvar",           NULL };

  return has_any_prefix (name, prefixes);
}

gboolean
atlas_backing_is_in_rss (const AtlasRegion *region)
{
  g_return_val_if_fail (region != NULL, FALSE);

  return region->name[0] == '\0'
         || (!atlas_backing_is_gate (region) && !is_device_memory (region->name)
             && !atlas_backing_is_hugetlb (region));
}
