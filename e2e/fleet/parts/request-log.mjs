import { closeSync, openSync, writeSync } from 'node:fs';

/**
 * One JSON line per request. `path` is the template of the route, so that a scan can count by route.
 * @param {string | null} file without one, the lines go to stdout
 * @param {string} service whose log it is, for the message when it cannot be written
 */
export function openRequestLog(file, service) {
  let fd = file ? openSync(file, 'a', 0o640) : 1;
  return {
    write(entry) {
      if (fd === null) return;
      try {
        writeSync(fd, `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
      } catch (error) {
        // A full disk must not take the service down; its supervisor sees stderr.
        process.stderr.write(`${service}: the request log cannot be written: ${error.code}\n`);
      }
    },
    close() {
      if (file && fd !== null) closeSync(fd);
      fd = null;
    },
  };
}
