export const Avatar = ({ initials }: { initials: string }) => (
  <span
    aria-hidden="true"
    className="grid size-6 shrink-0 place-items-center rounded-full bg-s3 text-[10px] leading-none font-semibold text-t1"
  >
    {initials}
  </span>
);
