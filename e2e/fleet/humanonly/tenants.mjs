/** The HumanOnly tenants of the demo: one of a size that matters, one small, one with rows that need a decision. */
export const tenants = ({ small = false } = {}) => [
  { id: 'civic', title: 'Civic forum', posts: small ? 1_200 : 24_000 },
  { id: 'lounge', title: 'Reading lounge', posts: 60 },
  { id: 'garden', title: 'Garden club, pasted posts', posts: 240, dirty: true },
];
