const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
const width = 26;

/** One line a step: its name when it starts (on a terminal), its seconds when it is done. */
export async function timed(name, work, out = process.stdout) {
  const started = Date.now();
  if (out.isTTY) out.write(`  ${name} …`);
  try {
    const note = await work();
    const text = typeof note === 'string' ? `  ${note}` : '';
    out.write(
      `${out.isTTY ? '\r\x1b[2K' : ''}  ${name.padEnd(width)} ${seconds(Date.now() - started).padStart(7)}${text}\n`,
    );
    return note;
  } catch (error) {
    out.write(
      `${out.isTTY ? '\r\x1b[2K' : ''}  ${name.padEnd(width)} ${seconds(Date.now() - started).padStart(7)}  FAILED\n`,
    );
    throw error;
  }
}

export const say = (text = '') => process.stdout.write(`${text}\n`);

/** Something a person must do first. Ends the launcher with 2 and no stack. */
export class NeedsPerson extends Error {}
