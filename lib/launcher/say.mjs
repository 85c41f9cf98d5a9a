const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
const width = 26;

/** Shows that a long step lives: on a terminal its seconds in place, else a line every ten seconds. @returns stop */
function beat(name, started, out, everyMs) {
  const shown = () => `${Math.round((Date.now() - started) / 1000)} s`;
  if (out.isTTY) out.write(`  ${name} …`);
  const timer = setInterval(
    () => out.write(out.isTTY ? `\r\x1b[2K  ${name} … ${shown()}` : `  ${name} … ${shown()}, still at it\n`),
    everyMs ?? (out.isTTY ? 1_000 : 10_000),
  );
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * One line a step: its name when it starts (on a terminal), signs of life, its seconds when it is done.
 * @param {string} name
 * @param {() => Promise<unknown>} work
 * @param {typeof process.stdout} out
 * @param {number} [beatMs] between signs of life; default 1 s on a terminal, else 10 s
 */
export async function timed(name, work, out = process.stdout, beatMs) {
  const started = Date.now();
  const calm = beat(name, started, out, beatMs);
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
  } finally {
    calm();
  }
}

export const say = (text = '') => process.stdout.write(`${text}\n`);

/** Something a person must do first. Ends the launcher with 2 and no stack. */
export class NeedsPerson extends Error {}
