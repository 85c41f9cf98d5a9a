type Box = { width: number; height: number; pad: number };
const round = (value: number) => Math.round(value * 10) / 10;

/** `path`: the answered readings; `silent`: where nothing answered, at the last height known. */
export function sparkPath(values: (number | null)[], { width, height, pad }: Box) {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) return { path: '', silent: `M0 ${height / 2}H${width}`, last: null };
  const least = Math.min(...known);
  // A steady service must look steady: below a quarter of its level a swing is noise.
  const span = Math.max(Math.max(...known) - least, least * 0.25, 1);
  const x = (at: number) => round(values.length < 2 ? width : (at / (values.length - 1)) * width);
  const y = (value: number) => round(height - pad - ((value - least) / span) * (height - 2 * pad));
  let path = '';
  let silent = '';
  let heightNow = y(known[0] ?? 0);
  let drawing = false;
  values.forEach((value, at) => {
    if (value === null) {
      silent += `M${x(Math.max(0, at - 1))} ${heightNow}H${x(at)}`;
      drawing = false;
      return;
    }
    heightNow = y(value);
    path += `${drawing ? 'L' : 'M'}${x(at)} ${heightNow}`;
    drawing = true;
  });
  return { path, silent, last: { x: x(values.length - 1), y: heightNow } };
}
