/** The demo fleet: which files exist, which service serves them, which profiles live in them. */

const one = (id, title, videos, extra = {}) => ({
  file: id,
  service: `sx-${id}`,
  profiles: [{ id, title, videos, ...extra }],
});

/** @param {{small?: boolean}} options small: sizes for tests. */
export function demoGroups({ small = false } = {}) {
  return [
    one('assets_1', 'Assets, main library', small ? 6_000 : 60_000),
    one('assets_2', 'Assets, second shelf', 1_200),
    one('assets_3', 'Assets, imported by hand', 1_500, { dirty: true }),
    // Its schema name would be sx_assets_1, which belongs to assets_1.
    {
      file: 'assets-1',
      service: 'sx-assets-1',
      profiles: [{ id: 'assets-1', title: 'Assets, old spelling', videos: 400 }],
    },
    {
      file: 'team',
      service: 'sx-team',
      profiles: [
        { id: 'team_4', title: 'Team north', videos: 1_500 },
        { id: 'team_5', title: 'Team south', videos: 900 },
      ],
    },
    {
      file: 'library',
      service: 'sx-library_6',
      serves: ['library_6'],
      profiles: [
        { id: 'library_6', title: 'Library, archive', videos: 2_400 },
        { id: 'library_7', title: 'Library, current', videos: 1_800 },
      ],
    },
    {
      file: 'library',
      service: 'sx-library_7',
      serves: ['library_7'],
      profiles: [
        { id: 'library_6', title: 'Library, archive', videos: 2_400 },
        { id: 'library_7', title: 'Library, current', videos: 1_800 },
      ],
    },
    one('lab_9', 'Lab, shared disk', small ? 1_500 : 9_000, { maxRowsPerSecond: 500 }),
  ];
}

/** Profiles that a service answers for in the fleet file. */
export const servedProfiles = (group) => group.profiles.filter((p) => (group.serves ?? [p.id]).includes(p.id));
