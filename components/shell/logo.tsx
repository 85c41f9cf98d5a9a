/** Two stores and the way from the open one into the closed one. */
export const Logo = ({ size = 22 }: { size?: number }) => (
  <svg viewBox="0 0 24 18" width={size} height={size * 0.75} aria-hidden="true" className="shrink-0">
    <path
      d="M10.5 2H4.2C3 2 2 3 2 4.2v9.600C2 15 3 16 4.200 16h6.300c.8 0 1.500-.7 1.500-1.500V12.500M12 5.500v-2C12 2.700 11.300 2 10.500 2"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.800"
      strokeLinecap="round"
      className="text-t2"
    />
    <path
      d="M15.500 1.100h4.800c1.500 0 2.600 1.200 2.600 2.600v10.600c0 1.400-1.100 2.600-2.600 2.600h-4.800V13.800L20 9l-4.500-4.800z"
      fill="currentColor"
      className="text-ink"
    />
    <path
      d="M7 9h9.500m-3.300-3.300L16.500 9l-3.300 3.300"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.900"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="text-ink"
    />
  </svg>
);
